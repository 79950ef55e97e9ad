// What was set out to be reached, and whether it is.

import type { Memory, Role } from './memory';
import type { Summary } from './statistics';
import { subjects } from './subjects';

export interface Verdict {
  readonly claim: string;
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
}

export function judge(
  durations: ReadonlyMap<string, Summary>,
  memory: Readonly<Record<Role, Memory>>,
): Verdict[] {
  const median = (subject: keyof typeof subjects): number =>
    durations.get(subjects[subject].name)?.median ?? NaN;
  const ratio = (one: keyof typeof subjects, other: keyof typeof subjects): number =>
    median(one) / median(other);
  const verdict = (claim: string, value: number, limit: number): Verdict => ({
    claim,
    value,
    limit,
    met: value <= limit,
  });
  const difference = (one: keyof typeof subjects, other: keyof typeof subjects): number =>
    median(one) - median(other);
  return [
    verdict('warm hello / hello under plain node', ratio('warmHello', 'plainHello'), 1 / 8),
    verdict('warm hello / hello in Perl, original', ratio('warmHello', 'originalHello'), 1),
    verdict('first console.log over fs.writeSync, ms', difference('warmHello', 'warmWrite'), 0.5),
    verdict('our client alone / true', ratio('clientAlone', 'nothing'), 1.5),
    verdict('watcher, resident MB', memory.watcher.resident / 1000, 1.5),
    verdict('first call / plain node, same script', ratio('firstHello', 'restedHello'), 1.3),
  ].filter(({ value }) => !Number.isNaN(value)); // a peer may be missing
}
