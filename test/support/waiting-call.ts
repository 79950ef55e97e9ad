// A call that lasts as long as the test wants: its script says who runs it, then waits for the end of its
// input.

import { type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { client, outcomeOf, type Outcome, type RunOptions, type Sandbox } from './sandbox';

/** The processes of a call, as its script names them. */
export interface Cast {
  readonly server: number;
  readonly monitor: number;
  readonly executor: number;
}

/**
 * Reports each initialisation to the file `initialised`, each begin and end of a call to the file `calls`;
 * prints its input after the line on itself; ends with STATUS.
 */
export const waitingScript = (options = '', atTheStart = ''): string => `
const { initialisationComplete } = require('prefork-interp');
const { appendFileSync, readFileSync } = require('node:fs');
appendFileSync('initialised', process.pid + '\\n');
initialisationComplete(${options});
${atTheStart}
const parentOf = (pid) => Number(/\\) . (\\d+)/.exec(readFileSync('/proc/' + pid + '/stat', 'utf8'))[1]);
appendFileSync('calls', '+');
const monitor = parentOf('self');
console.log(JSON.stringify({ server: parentOf(monitor), monitor, executor: process.pid }));
const input = readFileSync(0, 'utf8');
appendFileSync('calls', '-');
console.log([...process.argv.slice(2), input].join(' '));
process.exitCode = Number(process.env.STATUS ?? 0);
`;

export class WaitingCall {
  readonly client: number;
  private readonly ended: Promise<Outcome>;
  private readonly firstLine: Promise<string>;

  private constructor(private readonly child: ChildProcess) {
    if (child.pid === undefined || child.stdout === null) throw new Error('the call did not start');
    this.client = child.pid;
    this.ended = outcomeOf(child);
    const lines = createInterface({ input: child.stdout });
    this.firstLine = new Promise((done) => lines.once('line', done));
  }

  /** Starts one, by our client unless another is named. */
  static start(
    sandbox: Sandbox,
    words: readonly string[],
    options: RunOptions = {},
    command = client,
  ): WaitingCall {
    return new WaitingCall(sandbox.start(command, words, { ...options, stdio: 'pipe' }));
  }

  /** Waits until the script runs. */
  async running(): Promise<Cast> {
    const end = this.ended.then(({ stderr, code, signal }) => {
      throw new Error(`the call ended before its script ran: ${code ?? signal} ${stderr}`);
    });
    return JSON.parse(await Promise.race([this.firstLine, end])) as Cast;
  }

  /** Lets the script go on with this input, and waits for the end. The line on the script is left out. */
  async finish(input: string): Promise<Outcome> {
    this.child.stdin?.end(input);
    return this.outcome();
  }

  /** Waits for the end, whatever it comes from. */
  async outcome(): Promise<Outcome> {
    const outcome = await this.ended;
    return { ...outcome, stdout: outcome.stdout.replace(/^\{.*\}\n/, '') };
  }
}
