// `prefork inspect` and `prefork replay`, as a user starts them.

import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { firstOutput, outcomeOf, projectRoot, type Outcome, type Sandbox } from './sandbox';

export const prefork = join(projectRoot, 'build/cli/main.js');

export class Inspector {
  private constructor(
    readonly child: ChildProcess,
    private readonly ended: Promise<Outcome>,
    /** Of the page. */
    readonly url: string,
  ) {}

  /** Starts one; it listens, and serves its page, when this returns. */
  static async start(sandbox: Sandbox, words: readonly string[] = []): Promise<Inspector> {
    return Inspector.run(sandbox, ['inspect', ...words]);
  }

  static async replay(sandbox: Sandbox, file: string): Promise<Inspector> {
    return Inspector.run(sandbox, ['replay', file]);
  }

  private static async run(sandbox: Sandbox, words: readonly string[]): Promise<Inspector> {
    const child = sandbox.start(process.execPath, [prefork, ...words]);
    const ended = outcomeOf(child);
    return new Inspector(child, ended, (await firstOutput(child)).trim());
  }

  /** Ends it as Ctrl-C does. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<Outcome> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Waits until what a child has written since matches; returns all of it. */
export function outputMatching(
  stream: NodeJS.ReadableStream | null,
  pattern: RegExp,
): Promise<string> {
  let text = '';
  return new Promise((done) => {
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!pattern.test(text)) return;
      stream?.off('data', hear);
      done(text);
    };
    stream?.on('data', hear);
  });
}
