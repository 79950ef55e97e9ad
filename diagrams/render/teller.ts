/** Makes a story of records, be they of a real run or of a course. */

import type { Causation } from '../../machines/causation';
import { links, processes as roles } from '../../machines/index';
import type { State } from '../../machines/model';
import type {
  ActorRecord,
  EndRecord,
  StartRecord,
  TransitionRecord,
} from '../../runtime/trace/record';
import { Cast, modelNamed, stateAt, stateOfChild } from './cast';
import { areRelated, Causes, causesOf, type Occurrence } from './causes';
import { labelOf } from './labels';
import type { End, Realm, Step, Story } from './story';
import { StoryWriter, type Actor, type Member } from './story-writer';

/** Title and description of what the records tell; whether a real run has made them. */
export type Heading = Pick<Story, 'title' | 'description' | 'recorded'>;

/** The records in the order of their times, each process's own in the order of their numbers. */
export const storyOf = (heading: Heading, records: readonly ActorRecord[]): Story => {
  const teller = new Teller(heading, records[0]?.t ?? 0);
  records.forEach((record, index) => {
    const following = records.slice(index + 1).find(({ pid }) => pid === record.pid);
    teller.take(record, following);
  });
  return inOrder({ ...heading, lanes: teller.writer.lanes, rows: teller.writer.rows });
};

/** The lanes in the order of the topology, those of one kind in the order in which they have begun. */
const inOrder = (story: Story): Story => {
  const names: readonly string[] = roles.map(({ name }) => name);
  const order = story.lanes
    .map((_, index) => index)
    .toSorted((one, other) => rank(one) - rank(other));
  function rank(index: number): number {
    return names.indexOf(story.lanes[index]?.name ?? '') * story.lanes.length + index;
  }
  const moved = (lane: number): number => order.indexOf(lane);
  return {
    ...story,
    lanes: order.flatMap((index) => story.lanes[index] ?? []),
    rows: story.rows.map((row) =>
      row.kind === 'link'
        ? { ...row, from: moved(row.from), to: moved(row.to) }
        : { ...row, lane: moved(row.lane) },
    ),
  };
};

type Role = (typeof roles)[number];
type LaneRole = Pick<Role, 'leads' | 'runsIn'> & { readonly name: string };

class Teller {
  readonly writer: StoryWriter;
  private readonly causes = new Causes();
  private readonly cast: Cast<Member>;

  constructor(
    { recorded }: Heading,
    private readonly beginning: number,
  ) {
    this.writer = new StoryWriter(recorded);
    this.cast = new Cast(({ role, parent, model }) => {
      // A daemon goes on in the lane of its parent, which makes way for it.
      const lane =
        role === undefined && parent !== undefined
          ? parent.own.lane
          : this.laneFor(role ?? { name: model.id, runsIn: 'program' });
      return { lane, step: undefined, client: parent?.own.client };
    });
  }

  take(record: ActorRecord, following: ActorRecord | undefined): void {
    this.writer.t = record.t - this.beginning;
    const model = modelNamed(record.actor);
    if (model === undefined) return;
    const { process, isNew } = this.cast.hear(record, model);
    process.model = model;
    if (record.kind === 'end') return this.takeEnd(process, record);
    if (record.kind === 'start') this.takeStart(process, record, isNew);
    else this.takeTransition(process, record, following, isNew);
    for (const path of record.path) this.enter(process, stateAt(model, path));
    for (const causation of this.causes.noteActions(process, record, following)) {
      this.signal(process, causation);
    }
  }

  private takeStart(process: Actor, record: StartRecord, isNew: boolean): void {
    const { own, model, pid } = process;
    own.client = record.client ?? own.client ?? (model.id === 'client' ? pid : undefined);
    const { before, forkedBy } = this.roleOf(process) ?? {};
    if (forkedBy === 'caller' && record.to === model.initial.target) {
      this.writer.origin(process, forkedBy, 'fork/exec');
    }
    if (!isNew && before !== undefined) {
      const step = { text: before, documented: true, failure: false };
      this.writer.step(process, { ...step, realm: 'application' });
    }
  }

  private takeTransition(
    process: Actor,
    record: TransitionRecord,
    following: ActorRecord | undefined,
    isNew: boolean,
  ): void {
    const { model, parent } = process;
    if (isNew && parent !== undefined) this.showFork(parent, process, record);
    process.state ??= stateAt(model, record.from);
    for (const causation of causesOf(record, following)) this.showCause(causation, process);
    this.writer.conditions(process, model, record.event, stateAt(model, record.to));
    if (record.event !== 'PARENT') return;
    const child = this.cast.hearOfChild(process, record);
    if (child.isNew) this.showFork(process, child.process, record);
  }

  private takeEnd(process: Actor, record: EndRecord): void {
    if (record.becomes !== undefined) return this.moveOn(process, record);
    this.causes.noteEnd(process, record, this.end(process, wordsOf(record)));
  }

  /** Who was ahead of a call goes on in the lane of what it becomes. */
  private moveOn(process: Actor, { becomes }: EndRecord): void {
    const role = this.laneAfter(process, becomes);
    if (role === undefined || process.state === undefined) return;
    const before = { ...process, own: { ...process.own } };
    process.own.lane = this.laneFor(role);
    this.writer.link(before, process, 'fork', 'becomes');
    process.own.step = undefined;
    this.writer.step(process, { ...this.stepAt(process, process.state), realm: role.runsIn });
  }

  private laneFor({ name, leads, runsIn: realm }: LaneRole): number {
    const lane = { name, leads: leads ?? null, realm };
    return this.writer.laneFor(lane, (index) => this.isLived(index));
  }

  /** Whose lane that is, if it is another one than the process has. */
  private laneAfter(process: Actor, becomes: string | null | undefined) {
    if (this.roleOf(process)?.aheadOf !== becomes) return undefined;
    return roles.find(({ name }) => name === becomes);
  }

  private stepAt({ model }: Actor, state: State): Pick<Step, 'text' | 'documented' | 'failure'> {
    const { text, documented } = labelOf(model, state);
    return { text, documented, failure: state.failure };
  }

  private showFork(parent: Actor, child: Actor, record: TransitionRecord): void {
    if (parent.own.lane === child.own.lane) return;
    const state = stateOfChild(record, parent.model);
    const how = state?.becomes === 'setup' ? 'fork/exec' : 'fork';
    this.writer.link(parent, child, 'fork', how, parent.own.step);
    this.enter(child, state);
  }

  /** Shows the step that a state is, unless it is a part of the one before, or nothing but the end. */
  private enter(process: Actor, state: State | undefined): void {
    if (state === undefined) return;
    const step = this.stepAt(process, state);
    const isSame = process.own.step?.text === step.text && process.state !== undefined;
    process.state = state;
    const { final, becomes } = state;
    if (isSame || (final && becomes === null) || this.laneAfter(process, becomes)) return;
    this.writer.step(process, { ...step, realm: this.realmOf(process, becomes) });
  }

  private realmOf(process: Actor, becomes: string | null): Realm {
    const { name, realm } = this.writer.laneOf(process);
    const startsInApplication = this.roleOf(process)?.before !== undefined && becomes === name;
    return becomes === 'script' || startsInApplication ? 'application' : realm;
  }

  private roleOf(process: Actor) {
    const { name } = this.writer.laneOf(process);
    return roles.find((role) => role.name === name);
  }

  private end(process: Actor, text: string): End {
    process.hasEnded = true;
    return this.writer.end(process, text, this.isLived(process.own.lane));
  }

  private isLived(lane: number): boolean {
    return this.cast.living().some(({ own }) => own.lane === lane);
  }

  // Causes and effects

  private showCause(causation: Causation, noticing: Actor): void {
    const { by, link, cause } = causation;
    const found =
      cause.through === undefined
        ? this.causes.take(causation, noticing)
        : this.silence(causation, noticing);
    if (found === undefined) return;
    const label = links.find(({ name }) => name === link)?.label ?? 'exit';
    this.writer.link(found.by, noticing, by, label, found.row);
    if (cause.through === undefined) return;
    // Once its parent knows, or at once where nobody waits for it.
    if (by === 'exit') this.end(found.by, 'reaped');
    else if (cause.chart === 'client') this.end(found.by, '');
  }

  /** What has come about without a record: it is shown now that somebody notices. */
  private silence(causation: Causation, noticing: Actor): Occurrence | undefined {
    const { chart, states, through = [] } = causation.cause;
    const by = this.present(chart, states, noticing).at(-1);
    if (by === undefined) return undefined;
    for (const { by: realm, step } of through) {
      this.writer.step(by, { text: step, documented: true, failure: false, realm });
    }
    return { causation, by, row: by.own.step };
  }

  /** Whom it meets notices nothing: a signal is shown where it is sent. */
  private signal(process: Actor, { by, cause, effect }: Causation): void {
    if (by !== 'signal') return;
    const struck = this.present(effect.chart, effect.states, process).at(-1);
    const text = (cause.action ?? '').replace('Group', '');
    if (struck !== undefined) this.writer.link(process, struck, by, text, process.own.step);
  }

  /** The processes that are in one of these states, and that have to do with that one. */
  private present(chart: string, states: readonly string[], process: Actor): readonly Actor[] {
    return this.cast
      .living()
      .filter(
        (one) =>
          one.model.id === chart &&
          states.includes(one.state?.path ?? '') &&
          areRelated(one, process),
      );
  }
}

const wordsOf = ({ status }: EndRecord): string => {
  if (status === undefined) return '';
  return 'code' in status ? `exits with ${status.code}` : `dies of signal ${status.signal}`;
};
