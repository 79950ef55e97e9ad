/** Writes the rows of a story down, each lane knowing what it showed last. */

import type { Causation } from '../../machines/causation';
import { conditionsOf } from './labels';
import type { Model, State } from '../../machines/model';
import type { Process } from './cast';
import type { End, Lane, Origin, Row, Step } from './story';

/** What is kept of a process while its story is told. */
export interface Member {
  lane: number;
  /** What its lane showed of it last. */
  step: Step | undefined;
  /** The pid of the client whose call it serves, where that is known. */
  client: number | undefined;
}

export type Actor = Process<Member>;

export class StoryWriter {
  readonly lanes: Lane[] = [];
  readonly rows: Row[] = [];
  /** Microseconds since the run began. */
  t = 0;
  /** What may happen otherwise is told once for each actor. */
  private readonly told = new Set<string>();

  constructor(private readonly recorded: boolean) {}

  /** The lane of that name in which nobody lives any more, or a new one. */
  laneFor(lane: Lane, isLived: (lane: number) => boolean): number {
    const left = this.lanes.findIndex(({ name }, index) => name === lane.name && !isLived(index));
    return left < 0 ? this.lanes.push(lane) - 1 : left;
  }

  laneOf({ own }: Actor): Lane {
    const found = this.lanes[own.lane];
    if (found === undefined) throw new Error(`there is no lane ${own.lane}`);
    return found;
  }

  origin({ own }: Actor, from: string, text: string): void {
    const row: Origin = { kind: 'origin', lane: own.lane, from, text, t: this.t };
    this.rows.push(row);
  }

  step({ own, pid }: Actor, step: Pick<Step, 'text' | 'documented' | 'failure' | 'realm'>): void {
    const { lane } = own;
    const before = own.step?.realm;
    const isBoundary = before !== undefined && before !== 'kernel' && step.realm !== 'kernel';
    if (isBoundary && before !== step.realm) {
      this.rows.push({ kind: 'boundary', lane, realm: step.realm, t: this.t });
    }
    const isFirst = this.recorded && own.step === undefined;
    const row: Step = {
      ...{ kind: 'step', lane, t: this.t, conditions: [], pid: isFirst ? pid : null },
      ...step,
    };
    this.rows.push(row);
    own.step = row;
  }

  /** Says beside the last step what has led away from it, and what might have. */
  conditions(actor: Actor, model: Model, event: string, to: State | undefined): void {
    const { step } = actor.own;
    if (step === undefined || actor.state === undefined || to === undefined) return;
    const { name } = this.laneOf(actor);
    const untold = conditionsOf(model, actor.state, event, to).filter(
      ({ text, taken }) => taken || !this.told.has(`${name} ${text}`),
    );
    for (const { text } of untold) this.told.add(`${name} ${text}`);
    if (untold.length > 1) step.conditions = untold;
  }

  end({ own }: Actor, text: string, goesOn: boolean): End {
    const row: End = { kind: 'end', lane: own.lane, text, goesOn, t: this.t };
    this.rows.push(row);
    return row;
  }

  /** Told once for each cause; in the story of a course where the cause is, as it has no times. */
  link(from: Actor, to: Actor, by: Causation['by'], text: string, cause?: Row): void {
    const lanes = { from: from.own.lane, to: to.own.lane };
    const since = cause === undefined ? this.rows.length : this.rows.lastIndexOf(cause) + 1;
    const isTold = this.rows
      .slice(since)
      .some(
        (row) =>
          row.kind === 'link' &&
          row.from === lanes.from &&
          row.to === lanes.to &&
          row.text === text,
      );
    if (isTold) return;
    const place = this.recorded ? this.rows.length : since;
    this.rows.splice(place, 0, { kind: 'link', ...lanes, by, text, t: this.t });
  }
}
