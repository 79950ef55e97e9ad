// The command line of `prefork`: which command, its help, its errors.

import { voiceOf } from '../runtime/debug/index';
import { commands } from './commands';
import { CommandError, ourError, type Io } from './io';
import { version } from './version';

const say = voiceOf('cli');

/** Runs one command line; returns the exit status. */
export async function run(words: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(words, io);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    io.stderr.write(`prefork: ${error.message}\n`);
    return ourError;
  }
}

async function dispatch([name, ...words]: readonly string[], io: Io): Promise<number> {
  if (name === undefined) throw new CommandError('give a command: prefork --help lists them');
  if (name === '--help' || name === '-h') return print(overview(), io);
  if (name === '--version') return print(version(), io);
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    throw new CommandError(`there is no command '${name}': prefork --help lists them`);
  }
  say('%s %o', name, words);
  const command = entry.load();
  const wantsHelp = words[0] === '--help' || words[0] === '-h';
  if (wantsHelp && command.help !== undefined) return print(command.help, io);
  return command.run(words, io);
}

function print(text: string, { stdout }: Io): number {
  stdout.write(`${text}\n`);
  return 0;
}

function overview(): string {
  const names = Object.keys(commands);
  const width = Math.max(...names.map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  );
  return `usage: prefork COMMAND [WORD ...]

Looks after the servers that prefork-interp keeps.

${lines.join('\n')}

  prefork COMMAND --help    what a command takes, with examples
  prefork --version         the version of the package`;
}
