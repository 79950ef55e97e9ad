/** What has happened in some processes that others have yet to notice. */

import type { Causation } from '../../machines/causation';
import { causality } from '../../machines/index';
import type {
  ActorRecord,
  EndRecord,
  StartRecord,
  TransitionRecord,
} from '../../runtime/trace/record';
import type { Row } from './story';
import type { Actor } from './story-writer';

/** What may be a cause, once it has happened. */
export interface Occurrence {
  readonly causation: Causation;
  readonly by: Actor;
  /** What tells of it in the lane. */
  readonly row: Row | undefined;
}

export class Causes {
  private readonly occurrences: Occurrence[] = [];

  /** Notes what the actions of a record have brought about; what follows tells how they came out. */
  noteActions(
    by: Actor,
    record: StartRecord | TransitionRecord,
    following: ActorRecord | undefined,
  ): readonly Causation[] {
    const places = [...(record.kind === 'transition' ? [record.from] : []), ...record.path];
    return this.note(by, by.own.step, ({ action, outcome, states }) => {
      if (action === undefined || !record.actions.includes(action)) return false;
      if (outcome !== undefined && eventOf(following) !== outcome) return false;
      return states.some((path) => places.includes(path));
    });
  }

  /** Notes what the end of a process has brought about. */
  noteEnd(by: Actor, record: EndRecord, row: Row): void {
    this.note(
      by,
      row,
      ({ action, states }) => action === undefined && states.includes(record.state),
    );
  }

  /** The latest of those that have to do with the process which notices it; it is used up by that. */
  take(causation: Causation, noticing: Actor): Occurrence | undefined {
    const index = this.occurrences.findLastIndex(
      (one) => one.causation === causation && areRelated(one.by, noticing),
    );
    return index < 0 ? undefined : this.occurrences.splice(index, 1)[0];
  }

  private note(
    by: Actor,
    row: Row | undefined,
    isMeant: (cause: Causation['cause']) => boolean,
  ): readonly Causation[] {
    const found = causality.filter(({ cause }) => cause.chart === by.model.id && isMeant(cause));
    this.occurrences.push(...found.map((causation) => ({ causation, by, row })));
    return found;
  }
}

/** What elsewhere a record may be due to. */
export const causesOf = (
  record: TransitionRecord,
  following: ActorRecord | undefined,
): readonly Causation[] =>
  causality.filter(({ effect, by }) => {
    if (effect.chart !== record.actor || by === 'fork') return false;
    const { event, states, notice } = effect;
    if (notice === undefined) return event === record.event && states.includes(record.from);
    // It looks, and finds that: what makes it look is what tells.
    const isNotice = notice.event === record.event && notice.states.includes(record.from);
    return isNotice && eventOf(following) === event;
  });

const eventOf = (record: ActorRecord | undefined): string | undefined =>
  record?.kind === 'transition' ? record.event : undefined;

/** Whether they may have to do with each other: they do not belong to different calls. */
export const areRelated = (one: Actor, other: Actor): boolean =>
  one.parent === other ||
  other.parent === one ||
  one.own.client === undefined ||
  other.own.client === undefined ||
  one.own.client === other.own.client;
