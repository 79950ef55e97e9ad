import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Model } from '../../machines/model';
import { layoutOf } from '../../native/render/layout';
import type { Scenario, Trace } from './scenario';

const program = join(__dirname, '..', 'engine_harness');

/** The native interpreter in a process of its own, one for any number of scenarios. */
export class NativeEngine {
  readonly #child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  readonly #lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();

  async run(scenario: Scenario, model: Model): Promise<Trace> {
    this.#child.stdin.write(`${numbersOf(scenario, model).join(' ')}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('the native engine ended; is engine_harness built?');
    return line.value
      .split(' ')
      .filter((token) => token !== '')
      .map((token) => worded(token, model));
  }

  /** The exit status. */
  async close(): Promise<number | null> {
    this.#child.stdin.end();
    const [status] = (await once(this.#child, 'exit')) as [number | null];
    return status;
  }
}

/** The scenario as test/native/engine_harness.cc reads it. */
const numbersOf = (scenario: Scenario, model: Model): readonly number[] => {
  const layout = layoutOf(model);
  const events = (names: readonly string[]): number[] =>
    names.map((name) => model.events.indexOf(name));
  const counted = (list: readonly number[]): number[] => [list.length, ...list];
  return [
    model.states.length,
    ...model.states.map(({ final }) => Number(final)),
    model.events.length,
    ...layout.rows.flat(),
    ...layout.eventless.flat(),
    layout.branches.length,
    ...layout.branches.flat(),
    ...counted(layout.actions),
    ...layout.initial,
    model.actions.length,
    ...model.actions.flatMap((action) => counted(events(scenario.posts[action] ?? []))),
    scenario.postLimit,
    ...counted(scenario.answers.map(Number)),
    scenario.early,
    ...counted(events(scenario.events)),
  ];
};

const worded = (token: string, model: Model): string => {
  const parts = /^(?<kind>[ags])(?<index>\d+)(?:=(?<answer>[01]))?(?<ended>!)?$/.exec(
    token,
  )?.groups;
  if (!parts) throw new Error(`the native engine printed '${token}'`);
  const index = Number(parts.index);
  if (parts.kind === 'a') return `do ${model.actions[index]}`;
  if (parts.kind === 'g') return `ask ${model.guards[index]}: ${parts.answer === '1'}`;
  return `${parts.ended ? 'ended ' : ''}in ${model.states[index]?.path}`;
};
