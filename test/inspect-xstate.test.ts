// `--xstate-inspect`: what a client of @xstate/inspect sees of real calls, through that package's own receiver.

import assert from 'node:assert/strict';
import { createWebSocketReceiver } from '@xstate/inspect';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { pathOf } from '../runtime/xstate/config';
import { outputMatching, prefork } from './support/inspector';
import { Sandbox, outcomeOf, type Outcome } from './support/sandbox';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

/** As far as it counts here. */
interface Heard {
  readonly type: string;
  readonly sessionId: string;
  readonly id?: string;
  readonly state?: { readonly value: Parameters<typeof pathOf>[0] };
  readonly event?: { readonly name: string };
}

const sandbox = new Sandbox(false);
const words = ['-U', process.execPath, sandbox.script('script.js', waitingScript())];
const heard: Heard[] = [];
let server: string;
let serverPid: number;
let end: () => Promise<Outcome>;

before(async () => {
  const child = sandbox.start(process.execPath, [
    prefork,
    ...['inspect', '--text', '--xstate-inspect', '0'],
  ]);
  const ended = outcomeOf(child);
  const said = await outputMatching(child.stderr, /ws:\/\/.*\n/);
  server = /ws:\/\/(\S+)/.exec(said)?.[1] ?? '';
  end = () => {
    child.kill('SIGINT');
    return ended;
  };
  let opened: Promise<unknown> | undefined;
  // The receiver takes the browser's, which Node 20 does not have.
  const Opened = class extends WebSocket {
    constructor(address: string) {
      super(address);
      opened = once(this, 'open');
    }
  };
  Object.assign(globalThis, { WebSocket: Opened });
  const receiver = createWebSocketReceiver({ server, serialize: undefined });
  await opened;
  receiver.subscribe((event) => heard.push(event));
});
after(() => sandbox.end());

/** Services are named after charts and processes. */
const sessionOf = (chart: string, pid: number): string | undefined =>
  heard.findLast(({ id }) => id === `${chart} ${pid}`)?.sessionId;

/** The states of a service, in order, each once where it lasts. */
function statesOf(chart: string, pid: number): string[] {
  const sessionId = sessionOf(chart, pid);
  const states = heard
    .filter((event) => event.sessionId === sessionId)
    .flatMap(({ state }) => (state === undefined ? [] : pathOf(state.value)));
  return states.filter((state, index) => state !== states[index - 1]);
}

describe('@xstate/inspect', () => {
  test('sees every actor as a service, in the states that it goes through', async () => {
    const call = WaitingCall.start(sandbox, words);
    const { executor, monitor, server: pid } = await call.running();
    serverPid = pid;
    const last = (chart: string, of: number): string | undefined => statesOf(chart, of).at(-1);
    await until('the executor', () => last('executor', executor) === 'executingService');
    assert.deepEqual(statesOf('executor', executor), [
      ...['tyingToMonitor', 'leavingMonitor', 'placingDescriptors', 'adoptingRequest'],
      ...['revivingInterpreter', 'executingService'],
    ]);
    await until('the client', () => last('client', call.client) === 'awaitingStatus');
    await until('the server', () => last('server', pid) === 'serving.waiting');
    await call.finish('');
    await until('the end of the client', () => last('client', call.client) === 'ended');
    await until('the end of the monitor', () => last('monitor', monitor) === 'finished');
    const sessionId = sessionOf('monitor', monitor);
    const isOf = (event: Heard): boolean => event.sessionId === sessionId;
    await until('its stop', () => heard.some((one) => isOf(one) && one.type === 'service.stop'));
    const events = heard.filter(isOf).flatMap(({ event }) => event?.name ?? []);
    assert.ok(events.includes('EXECUTOR_REAPED'), events.join());
  });

  test('cannot do anything to them, and is not listened to from elsewhere', async () => {
    const intruder = new WebSocket(`ws://${server}`, { origin: 'https://example.org' });
    const [error] = (await once(intruder, 'error')) as [Error];
    assert.match(error.message, /401/);

    const looker = new WebSocket(`ws://${server}`);
    await once(looker, 'open');
    const sessionId = sessionOf('server', serverPid);
    const before = statesOf('server', serverPid).at(-1);
    const event = { name: 'TERMINATED', data: { type: 'TERMINATED' }, $$type: 'scxml' };
    looker.send('{');
    looker.send(
      JSON.stringify({
        type: 'xstate.event',
        event: JSON.stringify({ ...event, origin: sessionId }),
      }),
    );
    looker.send(JSON.stringify({ type: 'xstate.inspecting' }));
    await once(looker, 'message');
    looker.close();
    assert.equal(statesOf('server', serverPid).at(-1), before);
    assert.equal((await sandbox.call(words, { input: '' })).code, 0);
    assert.equal((await end()).code, 0);
  });
});
