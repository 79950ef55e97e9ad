// The engine "xstate": XState runs the charts, over the native actions and guards.

import { createMachine, interpret, InterpreterStatus, type EventObject } from 'xstate';
import { charts } from '../../machines/index';
import { modelOf } from '../../machines/model';
import type { NativeActor, RunningChart } from '../addon';
import { voiceOf } from '../debug/index';
import { configOf, marksFor, pathOf } from './config';

/** Makes a run of the chart with this id over a native actor. */
export function createActor(id: string, native: NativeActor): RunningChart {
  const chart = charts.find((candidate) => candidate.id === id);
  if (chart === undefined) throw new Error(`there is no chart ${id}`);
  const { actions, guards, states } = modelOf(chart);
  const marks = [...marksFor(states.map(({ path }) => path))];
  const machine = createMachine<unknown, EventObject>(configOf(chart), {
    actions: Object.fromEntries([
      ...actions.map((name) => [name, () => native.perform(name)] as const),
      ...marks.map(([name, leaf]) => [name, () => native.enterState(leaf)] as const),
    ]),
    guards: Object.fromEntries(guards.map((name) => [name, () => native.test(name)])),
  });
  const service = interpret(machine);

  const say = voiceOf(`xstate:${id}`);
  const waiting: string[] = [];
  let isBusy = true; // before the start, too
  const step = (act: () => void, event?: string): void => {
    native.beginStep(event);
    act();
    const leaf = pathOf(service.getSnapshot().value);
    native.endStep(leaf);
    say('%s → %s', event ?? 'start', leaf);
  };
  const takeEvents = (): void => {
    isBusy = true;
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const type = event;
      step(() => {
        if (service.status !== InterpreterStatus.Stopped) service.send({ type });
      }, type);
    }
    isBusy = false;
  };
  return {
    start() {
      step(() => service.start());
      takeEvents();
    },
    send(event) {
      waiting.push(event);
      if (!isBusy) takeEvents();
    },
  };
}
