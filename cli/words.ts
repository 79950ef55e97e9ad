// Reads the words behind a command.

import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandError } from './io';

/** As `parseArgs()`; @throws {CommandError} that names the command, for a word that is wrong. */
export function readWords<Config extends ParseArgsConfig>(
  command: string,
  words: readonly string[],
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs<Config>({ ...config, args: [...words] });
  } catch (error) {
    const reason = (error as Error).message.split('. ')[0] ?? '';
    throw new CommandError(`${command}: ${reason}: see prefork ${command} --help`);
  }
}

/** @throws {CommandError} if it is no port number. */
export function readPort(command: string, option: string, value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65535)
    throw new CommandError(`${command}: ${option} takes a port from 0 to 65535, not '${value}'`);
  return port;
}
