// What was set out to be reached, and whether it is.

import type { Both, Containers } from './containers';
import { elsewhere, heard, unheard } from './listeners';
import { watched } from './inspection';
import type { Memory, Role } from './memory';
import type { Summary } from './statistics';
import type { Subject } from './stopwatch';
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
  containers: Containers | undefined,
): Verdict[] {
  const medianOf = ({ name }: Subject): number => durations.get(name)?.median ?? NaN;
  const median = (subject: keyof typeof subjects): number => medianOf(subjects[subject]);
  const ratio = (one: keyof typeof subjects, other: keyof typeof subjects): number =>
    median(one) / median(other);
  const difference = (one: keyof typeof subjects, other: keyof typeof subjects): number =>
    median(one) - median(other);
  const watching = (name: keyof typeof watched): number =>
    durations.get(watched[name])?.median ?? NaN;
  return [
    verdict('warm hello, live page / nobody watches', watching('page') / watching('nobody'), 1.5),
    verdict('warm hello / hello under plain node', ratio('warmHello', 'plainHello'), 1 / 15),
    verdict('warm hello / hello in Perl, original', ratio('warmHello', 'originalHello'), 1),
    verdict('first console.log over fs.writeSync, ms', difference('warmHello', 'warmWrite'), 0.5),
    verdict('our client alone / true', ratio('clientAlone', 'nothing'), 1.5),
    verdict('watcher, resident MB', memory.watcher.resident / 1000, 1.5),
    verdict('first call / plain node, same script', ratio('firstHello', 'restedHello'), 1.3),
    ...(containers === undefined ? [] : judgeContainers(containers)),
    verdict('warm hello / the other tree', medianOf(unheard) / medianOf(elsewhere), 1.02),
    verdict('warm hello, listened to / not', medianOf(heard) / medianOf(unheard), 1.1),
  ].filter(({ value }) => !Number.isNaN(value)); // a peer may be missing
}

const verdict = (claim: string, value: number, limit: number): Verdict => ({
  claim,
  value,
  limit,
  met: value <= limit,
});

function judgeContainers({ output, start, idle }: Containers): Verdict[] {
  const ratio = ({ ours, debian }: Both<number>): number => ours / debian;
  return [
    ...Object.entries(output).map(([name, both]) =>
      verdict(`time for output, ${name} / Debian’s`, 1 / ratio(both), 1),
    ),
    verdict('start to pid / Debian’s', start.ours.median / start.debian.median, 1),
    verdict('idle monitor / Debian’s', ratio(idle), 1),
  ];
}
