import type { Chart, StateMeta } from './chart';
import { ChartError } from './chart-error';
import {
  joinPlace,
  readEvent,
  readFields,
  readName,
  readNames,
  readObject,
  readText,
  reasonAgainst,
} from './chart-form';

/** One way out of a node as the chart words it, its target not yet looked up. */
export interface Candidate {
  readonly place: string;
  /** null: eventless. */
  readonly event: string | null;
  readonly guard: string | null;
  readonly target: string | null;
  readonly internal: boolean;
  readonly actions: readonly string[];
}

/** A state of the chart's tree; the root stands for the chart itself and has the path ''. */
export interface ChartNode {
  readonly place: string;
  readonly path: string;
  readonly parent: ChartNode | null;
  readonly description: string;
  readonly final: boolean;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly on: ReadonlyMap<string, readonly Candidate[]>;
  readonly always: readonly Candidate[];
  readonly meta: StateMeta;
  /** The key of the child that is entered with this node; null for a leaf. */
  readonly initial: string | null;
  /** In document order. */
  readonly children: Map<string, ChartNode>;
  /** The place in document order, counted over the whole chart. */
  readonly order: number;
}

const rootKeys = ['id', 'description', 'predictableActionArguments', 'initial', 'states', 'meta'];
const compoundKeys = ['description', 'initial', 'entry', 'exit', 'on', 'always', 'states', 'meta'];
const nodeKeys = ['type', ...compoundKeys];
const finalKeys = ['type', 'description', 'entry', 'meta'];
const metaKeys = ['step', 'failure', 'becomes', 'exitStatus'];
const transitionKeys = ['target', 'cond', 'actions', 'internal'];

/** The chart as a tree of checked nodes. */
export const nodesOf = (chart: Chart): ChartNode => {
  const id = readName((chart as { id?: unknown }).id, 'chart: id', 'a chart');
  const fields = readFields(chart, id, rootKeys);
  if (fields.predictableActionArguments !== true) {
    throw new ChartError(joinPlace(id, 'predictableActionArguments'), 'must be true');
  }
  const root: ChartNode = {
    place: id,
    path: '',
    parent: null,
    description: readText(fields.description, joinPlace(id, 'description')),
    final: false,
    entry: [],
    exit: [],
    on: new Map(),
    always: [],
    meta: {},
    initial: readInitial(fields, id),
    children: new Map(),
    order: 0,
  };
  addChildren(root, fields.states, 1);
  return root;
};

/** Adds the nodes of `states`, numbering from `order`; the number after the last one used. */
const addChildren = (parent: ChartNode, states: unknown, order: number): number => {
  const place = joinPlace(parent.place, 'states');
  let next = order;
  for (const [key, state] of Object.entries(readObject(states, place))) {
    readName(key, place, 'a state');
    const child = readNode(parent, key, state, next);
    parent.children.set(key, child);
    next += 1;
    if (child.initial !== null)
      next = addChildren(child, (state as { states: unknown }).states, next);
  }
  if (parent.initial !== null && !parent.children.has(parent.initial)) {
    throw new ChartError(joinPlace(parent.place, 'initial'), `no child '${parent.initial}'`);
  }
  return next;
};

const readNode = (parent: ChartNode, key: string, state: unknown, order: number): ChartNode => {
  const place = `${parent.place}.${key}`;
  const fields = readFields(state, place, nodeKeys);
  const final = readFinal(fields, place);
  return {
    place,
    path: parent.path === '' ? key : `${parent.path}.${key}`,
    parent,
    description: readText(fields.description, joinPlace(place, 'description')),
    final,
    entry: readNames(fields.entry, joinPlace(place, 'entry'), 'an action'),
    exit: readNames(fields.exit, joinPlace(place, 'exit'), 'an action'),
    on: readHandlers(fields.on, joinPlace(place, 'on')),
    always: readAlways(fields.always, joinPlace(place, 'always')),
    meta: readMeta(fields.meta, joinPlace(place, 'meta'), final && parent.path === ''),
    initial:
      fields.states === undefined ? refuseInitial(fields, place) : readInitial(fields, place),
    children: new Map(),
    order,
  };
};

const readInitial = (fields: Readonly<Record<string, unknown>>, place: string): string => {
  if (fields.initial === undefined) {
    throw new ChartError(place, "has states but no 'initial': say which is entered first");
  }
  return readName(fields.initial, joinPlace(place, 'initial'), 'a child state');
};

const refuseInitial = (fields: Readonly<Record<string, unknown>>, place: string): null => {
  if (fields.initial === undefined) return null;
  throw new ChartError(joinPlace(place, 'initial'), 'the state has no states');
};

/** Whether the state is a final one; such a one has nothing but a description and an entry. */
const readFinal = (fields: Readonly<Record<string, unknown>>, place: string): boolean => {
  const { type } = fields;
  if (type === undefined) return false;
  if (type !== 'final') {
    const reason = typeof type === 'string' ? reasonAgainst(type) : undefined;
    throw new ChartError(joinPlace(place, 'type'), reason ?? "the only type to name is 'final'");
  }
  for (const key of Object.keys(fields)) {
    if (finalKeys.includes(key)) continue;
    // XState runs the exit actions of the states it ends in, so they would not mean leaving.
    throw new ChartError(joinPlace(place, key), 'a final state is where the way ends: it has none');
  }
  return true;
};

const readMeta = (value: unknown, place: string, ends: boolean): StateMeta => {
  if (value === undefined) return {};
  const { step, failure, becomes, exitStatus } = readFields(value, place, metaKeys);
  const at = (key: string): string => joinPlace(place, key);
  if (step !== undefined) readText(step, at('step'));
  if (failure !== undefined && failure !== true) {
    throw new ChartError(at('failure'), 'is true, or is left out');
  }
  for (const [key, ending] of Object.entries({ becomes, exitStatus })) {
    if (ending !== undefined && !ends) {
      throw new ChartError(at(key), 'only for a final state of the chart itself');
    }
  }
  if (becomes !== undefined) readName(becomes, at('becomes'), 'a role');
  if (exitStatus !== undefined && !isExitStatus(exitStatus)) {
    throw new ChartError(at('exitStatus'), 'expected a whole number from 0 to 255');
  }
  if (becomes !== undefined && exitStatus !== undefined) {
    throw new ChartError(at('exitStatus'), 'a process that becomes something does not exit');
  }
  return value as StateMeta;
};

const isExitStatus = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;

const readHandlers = (value: unknown, place: string): ReadonlyMap<string, readonly Candidate[]> => {
  const handlers = new Map<string, readonly Candidate[]>();
  if (value === undefined) return handlers;
  for (const [event, ways] of Object.entries(readObject(value, place))) {
    const at = `${place}.${event}`;
    handlers.set(readEvent(event, at), readCandidates(ways, at, event));
  }
  return handlers;
};

const readAlways = (value: unknown, place: string): readonly Candidate[] =>
  value === undefined ? [] : readCandidates(value, place, null);

const readCandidates = (
  value: unknown,
  place: string,
  event: string | null,
): readonly Candidate[] => {
  const isList = Array.isArray(value);
  const ways: readonly unknown[] = isList ? value : [value];
  if (ways.length === 0) throw new ChartError(place, 'an empty list leads nowhere: leave it out');
  const candidates = ways.map((way, index) =>
    readCandidate(way, isList ? `${place}[${index}]` : place, event),
  );
  const certain = candidates.findIndex(({ guard }) => guard === null);
  const never = certain < 0 ? undefined : candidates[certain + 1];
  if (never) throw new ChartError(never.place, 'is never tried: the way before it has no guard');
  return candidates;
};

const readCandidate = (way: unknown, place: string, event: string | null): Candidate => {
  if (typeof way === 'string') {
    return { place, event, guard: null, target: way, internal: way.startsWith('.'), actions: [] };
  }
  const { target, cond, actions, internal } = readFields(way, place, transitionKeys);
  if (target !== undefined && typeof target !== 'string') {
    throw new ChartError(joinPlace(place, 'target'), 'expected one state’s name or path');
  }
  if (internal !== undefined && (typeof internal !== 'boolean' || target === undefined)) {
    throw new ChartError(joinPlace(place, 'internal'), 'true or false, beside a target');
  }
  return {
    place,
    event,
    guard: cond === undefined ? null : readName(cond, joinPlace(place, 'cond'), 'a guard'),
    target: target ?? null,
    internal: internal ?? target?.startsWith('.') ?? false,
    actions: readNames(actions, joinPlace(place, 'actions'), 'an action'),
  };
};
