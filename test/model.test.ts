import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Chart } from '../machines/chart';
import { ChartError } from '../machines/chart-error';
import { modelOf, type Branch } from '../machines/model';

/** A chart with these states, of which the first is the initial one. */
const chartOf = (states: object, meta: object = {}, posts: object = {}): Chart =>
  ({
    id: 'sample',
    description: 'For the test.',
    predictableActionArguments: true,
    initial: Object.keys(states)[0],
    states,
    meta: { posts, ...meta },
  }) as Chart;

/** A state with what the test is about and a description. */
const state = (rest: object = {}): object => ({ description: 'Is there.', ...rest });

/** The posts that list these actions. */
const listed = (...actions: string[]): object =>
  Object.fromEntries(actions.map((action) => [action, []]));

const brief = ({ guard, actions, target }: Branch): string =>
  `${guard === null ? '' : `[${guard}] `}${actions.join(' ')} → ${target ?? 'stays'}`;

describe('the model of a chart', () => {
  const house = chartOf(
    {
      outside: state({
        exit: 'leaveOutside',
        on: {
          ENTER: [
            { cond: 'hasKey', target: 'inside.upstairs', actions: ['unlock', 'open'] },
            { cond: 'isOpen', target: 'inside' },
          ],
          WAIT: { actions: 'lookAround' },
        },
      }),
      inside: state({
        meta: { step: 'in the house', failure: true },
        entry: 'enterInside',
        exit: 'leaveInside',
        initial: 'downstairs',
        on: { LEAVE: 'outside', ENTER: '.upstairs', TURN: { target: 'inside' } },
        always: { cond: 'isOnFire', target: '#sample.gone' },
        states: {
          downstairs: state({ exit: 'leaveDownstairs', on: { CLIMB: 'upstairs', LEAVE: {} } }),
          upstairs: state({
            entry: 'enterUpstairs',
            always: { cond: 'isTired', target: 'asleep' },
            on: { ENTER: { cond: 'isOpen', actions: 'lookAround' }, CLIMB: 'upstairs' },
          }),
          asleep: state({ type: 'final' }),
        },
      }),
      gone: state({ type: 'final', meta: { becomes: 'ghost' } }),
    },
    {},
    listed(
      'enterInside',
      'enterUpstairs',
      'leaveDownstairs',
      'leaveInside',
      'leaveOutside',
      'lookAround',
      'open',
      'unlock',
    ),
  );
  const model = modelOf(house);
  const branches = (path: string, event: string): readonly string[] =>
    (model.states.find((leaf) => leaf.path === path)?.on.get(event) ?? []).map(brief);

  test('lists the leaves in document order, and the groups beside them', () => {
    assert.deepEqual(
      model.states.map(({ path }) => path),
      ['outside', 'inside.downstairs', 'inside.upstairs', 'inside.asleep', 'gone'],
    );
    assert.deepEqual(model.groups, [
      {
        path: 'inside',
        description: 'Is there.',
        step: 'in the house',
        failure: true,
        initial: 'inside.downstairs',
        entry: ['enterInside'],
        exit: ['leaveInside'],
      },
    ]);
  });

  test('lists what the chart names', () => {
    assert.deepEqual(model.events, ['ENTER', 'WAIT', 'LEAVE', 'TURN', 'CLIMB']);
    assert.deepEqual(model.guards, ['hasKey', 'isOpen', 'isOnFire', 'isTired']);
    assert.deepEqual(model.actions, Object.keys(house.meta.posts));
  });

  test('starts in the initial leaf', () => {
    assert.equal(brief(model.initial), ' → outside');
  });

  test('puts exit, transition and entry actions in line', () => {
    assert.deepEqual(branches('outside', 'ENTER'), [
      '[hasKey] leaveOutside unlock open enterInside enterUpstairs → inside.upstairs',
      '[isOpen] leaveOutside enterInside → inside.downstairs',
    ]);
  });

  test('stays where there is no target', () => {
    assert.deepEqual(branches('outside', 'WAIT'), ['lookAround → stays']);
    assert.deepEqual(branches('inside.downstairs', 'LEAVE'), [' → stays']);
  });

  test('tries the innermost state first and drops what is never tried', () => {
    assert.deepEqual(branches('inside.upstairs', 'ENTER'), [
      '[isOpen] lookAround → stays',
      ' → stays',
    ]);
    assert.deepEqual(branches('inside.upstairs', 'LEAVE'), ['leaveInside → outside']);
  });

  test('leaves the source of an internal transition alone, and enters that of an external anew', () => {
    assert.deepEqual(branches('inside.downstairs', 'ENTER'), [
      'leaveDownstairs enterUpstairs → inside.upstairs',
    ]);
    assert.deepEqual(branches('inside.downstairs', 'TURN'), [
      'leaveDownstairs leaveInside enterInside → inside.downstairs',
    ]);
    assert.deepEqual(branches('inside.upstairs', 'CLIMB'), ['enterUpstairs → inside.upstairs']);
  });

  test('collects eventless branches from the innermost state outwards', () => {
    const upstairs = model.states.find(({ path }) => path === 'inside.upstairs');
    assert.deepEqual(upstairs?.always.map(brief), [
      '[isTired]  → inside.asleep',
      '[isOnFire] leaveInside → gone',
    ]);
    assert.deepEqual(
      upstairs.always.map(({ rounds }) => rounds),
      [3, 1],
    );
  });

  test('ends only in a final state of the chart itself', () => {
    assert.deepEqual(
      model.states.filter(({ final }) => final).map(({ path, becomes }) => [path, becomes]),
      [['gone', 'ghost']],
    );
  });

  test('keeps the ways as they were declared', () => {
    assert.deepEqual(model.ways[0], {
      source: 'outside',
      target: 'inside.upstairs',
      event: 'ENTER',
      guard: 'hasKey',
      actions: ['unlock', 'open'],
      internal: false,
    });
    assert.equal(model.ways.length, 12);
  });
});

describe('a chart outside the subset is refused', () => {
  const refused = (chart: unknown, place: string, reason: string): void => {
    assert.throws(
      () => modelOf(chart as Chart),
      (error) => {
        assert.ok(error instanceof ChartError, String(error));
        assert.deepEqual({ place: error.place, reason: error.reason }, { place, reason });
        assert.equal(error.message, `${place}: ${reason}`);
        return true;
      },
    );
  };
  const refusedState = (rest: object, key: string, reason: string): void => {
    refused(chartOf({ here: state(rest), there: state() }), `sample.here${key}`, reason);
  };
  const inner = { states: { child: state() } };

  const keys: Record<string, readonly [object, string]> = {
    history: [{ history: 'deep' }, 'no history states: name the state to go to'],
    onDone: [
      { onDone: 'there' },
      'no onDone: the parent leaves by an event or an eventless transition',
    ],
    invoke: [
      { invoke: { src: 'it' } },
      'nothing is invoked: an action starts it and posts what comes of it',
    ],
    after: [
      { after: { 1000: 'there' } },
      'no delayed transitions: a timer is an action that posts an event',
    ],
    activities: [
      { activities: 'beeping' },
      'no activities: one action starts what lasts, another stops it',
    ],
    parallel: [{ parallel: true }, 'no parallel states: concurrency is more actors'],
    id: [
      { id: 'own' },
      'no id of its own: a state is addressed by its path, as #chart.state.child',
    ],
    tags: [{ tags: ['a'] }, 'unknown key'],
  };
  for (const [key, [rest, reason]] of Object.entries(keys)) {
    test(`the key ${key}`, () => refusedState(rest, `: ${key}`, reason));
  }

  const states: Record<string, readonly [object, string, string]> = {
    'a parallel state': [
      { type: 'parallel', ...inner },
      ': type',
      'no parallel states: concurrency is more actors',
    ],
    'a history state': [
      { type: 'history' },
      ': type',
      'no history states: name the state to go to',
    ],
    'a type spelt out': [{ type: 'atomic' }, ': type', "the only type to name is 'final'"],
    'no description': [
      { description: undefined },
      ': description',
      'expected one line of text, got a value of type undefined',
    ],
    'an inline action': [
      { entry: () => undefined },
      ': entry',
      'expected the name of an action, got a value of type function',
    ],
    'an action object': [
      { exit: ['leave', { type: 'leave' }] },
      ': exit[1]',
      'expected the name of an action, got a value of type object',
    ],
    'an inline guard': [
      { on: { GO: { cond: () => true } } },
      ': on.GO: cond',
      'expected the name of a guard, got a value of type function',
    ],
    'an action in another case': [
      { entry: 'do_it' },
      ': entry',
      "'do_it' cannot name an action: write it in camelCase",
    ],
    'an event in another case': [
      { on: { goAway: 'there' } },
      ': on.goAway',
      "'goAway' cannot name an event: write it in UPPER_SNAKE",
    ],
    'a wildcard': [{ on: { '*': 'there' } }, ': on.*', 'no wildcard: name every event'],
    'the empty event': [
      { on: { '': 'there' } },
      ': on.',
      "eventless transitions stand under 'always'",
    ],
    'a condition on another state': [
      { on: { GO: { target: 'there', in: 'there' } } },
      ': on.GO: in',
      'no condition on another state: use a guard',
    ],
    'an unknown key of a transition': [
      { on: { GO: [{ target: 'there', description: 'Goes.' }] } },
      ': on.GO[0]: description',
      'unknown key',
    ],
    'an event that leads to undefined': [
      { on: { GO: undefined } },
      ': on.GO',
      'expected an object, got a value of type undefined',
    ],
    'an empty list of ways': [
      { on: { GO: [] } },
      ': on.GO',
      'an empty list leads nowhere: leave it out',
    ],
    'a way behind one without a guard': [
      { on: { GO: [{ target: 'there' }, { cond: 'isLate', target: 'here' }] } },
      ': on.GO[1]',
      'is never tried: the way before it has no guard',
    ],
    'several targets': [
      { on: { GO: { target: ['here', 'there'] } } },
      ': on.GO: target',
      'expected one state’s name or path',
    ],
    'an unknown target': [
      { on: { GO: 'nowhere' } },
      ': on.GO: target',
      "no state 'nowhere': 'nowhere' is not in sample",
    ],
    'an unknown child': [
      { initial: 'child', ...inner, on: { GO: '.nowhere' } },
      ': on.GO: target',
      "no state '.nowhere': 'nowhere' is not in sample.here",
    ],
    'another chart’s state': [
      { on: { GO: '#other.there' } },
      ': on.GO: target',
      "no state '#other.there': '#other' is not in sample",
    ],
    'an internal transition that leads outside': [
      { always: { target: 'there', internal: true } },
      ': always: target',
      "'there' is not inside the source, so it is not internal",
    ],
    'internal without a target': [
      { on: { GO: { internal: true } } },
      ': on.GO: internal',
      'true or false, beside a target',
    ],
    'no initial child': [inner, '', "has states but no 'initial': say which is entered first"],
    'an initial that is no child': [
      { initial: 'there', ...inner },
      ': initial',
      "no child 'there'",
    ],
    'an initial without states': [{ initial: 'there' }, ': initial', 'the state has no states'],
    'an unknown key of meta': [{ meta: { colour: 'red' } }, ': meta: colour', 'unknown key'],
    'a failure that is false': [
      { meta: { failure: false } },
      ': meta: failure',
      'is true, or is left out',
    ],
    'becoming something on the way': [
      { meta: { becomes: 'monitor' } },
      ': meta: becomes',
      'only for a final state of the chart itself',
    ],
    'an impossible exit status': [
      { type: 'final', meta: { exitStatus: 256 } },
      ': meta: exitStatus',
      'expected a whole number from 0 to 255',
    ],
    'becoming something and exiting': [
      { type: 'final', meta: { exitStatus: 0, becomes: 'monitor' } },
      ': meta: exitStatus',
      'a process that becomes something does not exit',
    ],
    'an unlisted action': [
      { entry: 'enter' },
      ': entry',
      "the action 'enter' is not listed in meta.posts",
    ],
    'an unlisted action of a transition': [
      { on: { GO: { actions: ['leave'] } } },
      ': on.GO.actions',
      "the action 'leave' is not listed in meta.posts",
    ],
    'an eventless circle': [
      { always: { target: 'here' } },
      ': always',
      'never comes to rest: here → here',
    ],
    'an eventless way that only acts': [
      { always: {} },
      ': always',
      'never comes to rest: here → here',
    ],
  };
  for (const [name, [rest, key, reason]] of Object.entries(states)) {
    test(name, () => refusedState(rest, key, reason));
  }

  for (const [key, value] of Object.entries({
    on: { GO: 'there' },
    always: { target: 'there' },
    exit: 'leave',
    states: {},
    initial: 'child',
  })) {
    test(`a final state with ${key}`, () => {
      const reason = 'a final state is where the way ends: it has none';
      refusedState({ type: 'final', [key]: value }, `: ${key}`, reason);
    });
  }

  test('an exit status of an inner final state', () => {
    refusedState(
      { initial: 'child', states: { child: state({ type: 'final', meta: { exitStatus: 0 } }) } },
      '.child: meta: exitStatus',
      'only for a final state of the chart itself',
    );
  });

  test('a circle over several states', () => {
    const states = {
      one: state({ always: [{ cond: 'isReady', target: 'three' }, { target: 'two' }] }),
      two: state({ always: 'three' }),
      three: state({ always: { target: 'two' } }),
    };
    refused(chartOf(states), 'sample.two: always', 'never comes to rest: two → three → two');
  });

  test('a guard that the start asks after an action', () => {
    refused(
      chartOf(
        {
          one: state({ entry: 'act', always: 'two' }),
          two: state({ always: { cond: 'isReady', target: 'three' } }),
          three: state(),
        },
        {},
        listed('act'),
      ),
      'sample.two: always',
      'XState asks this guard before it runs the actions of the chart’s start: let an event lead here',
    );
  });

  const go = { here: state({ entry: 'act', on: { GO: 'here' } }) };
  const metas: Record<string, readonly [object, string, string]> = {
    'posts that name an unknown event': [
      { posts: { act: ['GO', 'STOP'] } },
      '.posts.act',
      "no state handles 'STOP'",
    ],
    'posts that name an event twice': [
      { posts: { act: ['GO', 'GO'] } },
      '.posts.act',
      "names 'GO' twice",
    ],
    'posts that are no list': [{ posts: { act: 'GO' } }, '.posts.act', 'expected a list of events'],
    'posts of an action that never runs': [
      { posts: { act: ['GO'], rest: [] } },
      '.posts.rest',
      'no state runs the action',
    ],
    'no posts': [
      { posts: undefined },
      '.posts',
      'expected an object, got a value of type undefined',
    ],
    'watches of an unlisted action': [
      { posts: { act: [] }, watches: { watch: ['GO'] } },
      '.watches.watch',
      'the action is not listed in meta.posts',
    ],
    'watches of nothing': [
      { posts: { act: [] }, watches: { act: [] } },
      '.watches.act',
      'nothing may come of it',
    ],
    'watches that name an unknown event': [
      { posts: { act: [] }, watches: { act: ['STOP'] } },
      '.watches.act',
      "no state handles 'STOP'",
    ],
    'another key': [{ posts: { act: [] }, colour: 'red' }, ': colour', 'unknown key'],
  };
  for (const [name, [meta, key, reason]] of Object.entries(metas)) {
    test(`meta: ${name}`, () => refused(chartOf(go, meta), `sample: meta${key}`, reason));
  }

  const charts: Record<string, readonly [object, string, string]> = {
    'entry actions of the chart itself': [{ entry: 'act' }, 'sample: entry', 'unknown key'],
    context: [
      { context: {} },
      'sample: context',
      'no context: what a chart decides on is its state, everything else is the actor’s',
    ],
    'the old order of actions': [
      { predictableActionArguments: false },
      'sample: predictableActionArguments',
      'must be true',
    ],
    'an id with a dot': [
      { id: 'a.b' },
      'chart: id',
      "'a.b' cannot name a chart: write it in camelCase",
    ],
    'no states': [
      { states: undefined },
      'sample: states',
      'expected an object, got a value of type undefined',
    ],
    'an unknown initial state': [{ initial: 'away' }, 'sample: initial', "no child 'away'"],
    'no meta': [
      { meta: undefined },
      'sample: meta',
      'expected an object, got a value of type undefined',
    ],
    'a description of several lines': [
      { description: 'One.\nTwo.' },
      'sample: description',
      'expected one line of text, without spaces around it',
    ],
    'a name that is none': [
      { states: { 'not here': state() } },
      'sample: states',
      "'not here' cannot name a state: write it in camelCase",
    ],
  };
  for (const [name, [change, place, reason]] of Object.entries(charts)) {
    test(`the chart: ${name}`, () => {
      refused({ ...chartOf({ here: state() }), ...change }, place, reason);
    });
  }
});
