/** Who is who in the records of a run: processes by their numbers, with their parents and roles. */

import { charts, processes as roles } from '../../machines/index';
import { modelOf, type Model, type State } from '../../machines/model';
import type { Process as Role } from '../../machines/topology';
import type { ActorRecord, TransitionRecord } from '../../runtime/trace/record';

/** `Own` is what its user keeps of a process. */
export interface Process<Own> {
  readonly pid: number;
  readonly parent: Process<Own> | undefined;
  /** As the topology names it; undefined: it goes on as its parent, which makes way for it. */
  readonly role: Role | undefined;
  model: Model;
  /** Its leaf state, as far as it has been told. */
  state: State | undefined;
  hasEnded: boolean;
  readonly own: Own;
}

/** A process, and whether nobody has heard of it before. */
export interface Heard<Own> {
  readonly process: Process<Own>;
  readonly isNew: boolean;
}

const models = new Map(charts.map((chart) => [chart.id, modelOf(chart)]));

/** undefined: a chart that nobody here knows. */
export const modelNamed = (id: string): Model | undefined => models.get(id);

export class Cast<Own> {
  private readonly processes = new Map<number, Process<Own>>();

  /** `begin` makes what is kept of a process that begins. */
  constructor(private readonly begin: (process: Omit<Process<Own>, 'own'>) => Own) {}

  /** Those that have not ended. */
  living(): readonly Process<Own>[] {
    return [...this.processes.values()].filter(({ hasEnded }) => !hasEnded);
  }

  /** The living process of a record; its beginning may be told of here, before, or not at all. */
  hear(record: ActorRecord, model: Model): Heard<Own> {
    const known = this.processes.get(record.pid);
    if (known?.hasEnded === false) return { process: known, isNew: false };
    if (record.kind === 'transition' && record.event === 'CHILD') {
      const parent = this.forkingFor(record);
      return this.add(record.pid, model, roleOfChild(record, model), parent);
    }
    const place =
      record.kind === 'transition'
        ? record.from
        : record.kind === 'start'
          ? record.to
          : record.state;
    return this.add(record.pid, model, roleAt(model.id, place), undefined);
  }

  /** The child of a fork that the parent tells of; it may have told of itself already. */
  hearOfChild(parent: Process<Own>, record: TransitionRecord): Heard<Own> {
    const pid = Number(record.data?.['child']);
    const known = this.processes.get(pid);
    if (known?.parent === parent) return { process: known, isNew: false };
    return this.add(pid, parent.model, roleOfChild(record, parent.model), parent);
  }

  /** Who forks, and has not told of it yet; by number where it is still there for the child to see. */
  private forkingFor({ actor, from, ppid }: TransitionRecord): Process<Own> | undefined {
    const forking = this.living().filter(
      ({ model, state }) => model.id === actor && state?.path === from,
    );
    return forking.find(({ pid }) => pid === ppid) ?? forking.at(-1);
  }

  private add(
    pid: number,
    model: Model,
    role: Role | undefined,
    parent: Process<Own> | undefined,
  ): Heard<Own> {
    const bare = { pid, parent, role, model, state: undefined, hasEnded: false };
    const process = { ...bare, own: this.begin(bare) };
    this.processes.set(pid, process);
    return { process, isNew: true };
  }
}

export const stateAt = (model: Model, path: string): State | undefined =>
  model.states.find((state) => state.path === path);

/** Where the child of a fork goes. */
export const stateOfChild = ({ from }: TransitionRecord, model: Model): State | undefined => {
  const target = stateAt(model, from)?.on.get('CHILD')?.[0]?.target;
  return target === undefined || target === null ? undefined : stateAt(model, target);
};

const roleOfChild = (record: TransitionRecord, model: Model): Role | undefined => {
  const becomes = stateOfChild(record, model)?.becomes;
  if (becomes !== null && becomes !== undefined) return roles.find(({ name }) => name === becomes);
  return roles.find(
    ({ origin }) => origin?.chart === model.id && origin.states.includes(record.from),
  );
};

/** Of two roles with one chart the second begins by a fork within it. */
const roleAt = (chart: string, path: string): Role | undefined => {
  const possible = roles.filter((role) => role.chart === chart);
  return path === models.get(chart)?.initial.target ? possible[0] : possible.at(-1);
};
