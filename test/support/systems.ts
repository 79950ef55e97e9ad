// Ours and the original, each with the language of its own library, under one check.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrivateHome, cannotCompare } from './private-home';
import { client, originalClient } from './sandbox';

export interface System {
  readonly client: string;
  readonly interpreter: string;
  /** Seconds after which what has not happened is not going to happen; no measure of speed. */
  readonly patience: number;
}

export type SystemName = 'ours' | 'original';

const systems: Readonly<Record<SystemName, System>> = {
  ours: { client, interpreter: process.execPath, patience: 30 },
  original: { client: originalClient, interpreter: 'perl', patience: 2 },
};

/** The same program for either: Node for ours, Perl for the original. */
export type Programs = Readonly<Record<SystemName, string>>;

/** What a check works with: a system, a home of its own, and the program in it. */
export interface Stage extends System {
  readonly name: SystemName;
  readonly home: PrivateHome;
  readonly script: string;
  /** The command line of a call. */
  readonly words: readonly string[];
}

/**
 * Tests that `check` passes on ours. That it would notice, it proves on the original: there it must fail,
 * with a message that `shown` matches.
 */
export function promise(
  what: string,
  programs: Programs,
  shown: RegExp,
  check: (stage: Stage) => Promise<void>,
): void {
  test(what, { skip: cannotCompare }, async (t) => {
    const stageOf = (name: SystemName): Stage => {
      const home = new PrivateHome();
      t.after(() => home.end());
      const script = home.script('program', programs[name]);
      const system = systems[name];
      return { ...system, name, home, script, words: ['-U', system.interpreter, script] };
    };
    await check(stageOf('ours'));
    await assert.rejects(check(stageOf('original')), shown);
  });
}

/** A Perl program that begins as all do; `options` as Perl's library takes them. */
export const perl = (afterwards: string, options = ''): string => `
use strict;
use POSIX ();
use Proc::Prefork::Interp;
prefork_initialisation_complete(${options});
$| = 1;
${afterwards}
`;

/** The same for Node. */
export const node = (afterwards: string, options = ''): string => `
const { initialisationComplete } = require('prefork-interp');
const { appendFileSync, readFileSync } = require('node:fs');
initialisationComplete(${options});
${afterwards}
`;
