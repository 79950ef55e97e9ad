import type { ActorRecord, RecordingHeader } from '../../runtime/trace/record';
import { headerOf } from '../../runtime/trace/recording';
import type { Command, Io } from '../io';
import { version } from '../version';
import { readPort, readWords } from '../words';
import { findRunDirectory, listen } from './listener';
import { Live } from './live';
import { servePage } from './page-server';
import { record, type Recording } from './recording';
import { drawScreens, lineOf } from './text';
import { untilInterrupted } from './until-interrupted';
import { Viewer } from './viewer';
import { mirrorToXState } from './xstate';

/** How often the page is brought up to date, and how often the living are looked at. */
const updateMilliseconds = 100;
const lookMilliseconds = 250;

interface Options {
  readonly record?: string | undefined;
  readonly text: boolean;
  readonly port: number;
  readonly xstatePort?: number | undefined;
}

/** `prefork inspect`: shows what goes on until it is interrupted. */
export const inspect: Command = {
  help: `usage: prefork inspect [--record FILE] [--port PORT] [--xstate-inspect PORT]
       prefork inspect --text [--record FILE] [--xstate-inspect PORT]

Shows every process of every call as its statechart, while it runs. Prints the address of a page for
a browser on this machine; who does not have the address cannot see it, and the page asks nobody else
for anything. Begin and end at any time: servers, also those that run already, notice by themselves.

  --record FILE            write all that is seen to FILE, for prefork replay and prefork check
  --text                   show it in this terminal; in a pipe, a line for each transition
  --port PORT              where the page is; by default a port that is free
  --xstate-inspect PORT    let clients of @xstate/inspect connect to ws://127.0.0.1:PORT; whoever
                           can log in to this machine may connect, but only look

  prefork inspect
  prefork inspect --text | grep FAILED
  prefork inspect --record calls.trace`,

  async run(words, io) {
    const { values } = readWords('inspect', words, {
      options: {
        record: { type: 'string' },
        text: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        'xstate-inspect': { type: 'string' },
      },
    });
    const xstate = values['xstate-inspect'];
    const options: Options = {
      record: values.record,
      text: values.text,
      port: readPort('inspect', '--port', values.port),
      xstatePort:
        xstate === undefined ? undefined : readPort('inspect', '--xstate-inspect', xstate),
    };
    const inspection = new Inspection(headerOf(version(), findRunDirectory()), io);
    try {
      await inspection.begin(options);
      await untilInterrupted(io.stdout);
    } finally {
      await inspection.end();
    }
    return 0;
  },
};

/** Everything that takes part in one run of the command. */
class Inspection {
  private readonly live = new Live();
  private readonly takers: ((record: ActorRecord, lost: number) => void)[] = [];
  private recording: Recording | undefined;
  /** Things to say that have to stay on a screen. */
  private readonly notes: string[] = [];
  /** How to undo what has been begun, in the order of its beginning. */
  private readonly endings: (() => void | Promise<void>)[] = [];

  constructor(
    private readonly header: RecordingHeader,
    private readonly io: Io,
  ) {}

  async begin(options: Options): Promise<void> {
    this.listen();
    if (options.record !== undefined) await this.record(options.record);
    if (options.xstatePort !== undefined) await this.mirror(options.xstatePort);
    if (options.text) this.write();
    else await this.serve(options.port);
  }

  async end(): Promise<void> {
    for (const end of this.endings.toReversed()) await end();
  }

  private listen(): void {
    const listener = listen(this.header.runDirectory, (records) => {
      for (const record of records) {
        const lost = this.live.take(record);
        for (const take of this.takers) take(record, lost);
      }
    });
    const close = (): void => listener.close();
    // However it ends, short of a signal that cannot be caught.
    process.on('exit', close);
    const looking = setInterval(() => {
      listener.takeNow();
      for (const gone of this.live.look()) this.recording?.add(gone, 0);
    }, lookMilliseconds);
    this.endings.push(() => {
      clearInterval(looking);
      process.off('exit', close);
      close();
    });
  }

  private async record(file: string): Promise<void> {
    const recording = await record(file, this.header, (reason) =>
      this.say(`the recording has ended: ${reason}`),
    );
    this.recording = recording;
    this.takers.push((one, lost) => recording.add(one, lost));
    this.endings.unshift(() => recording.close());
  }

  private async mirror(port: number): Promise<void> {
    const mirror = await mirrorToXState(port);
    this.takers.push((one) => mirror.take(one));
    const keeping = setInterval(
      () => mirror.keep((pid) => this.live.world.processes.has(pid)),
      lookMilliseconds,
    );
    this.endings.push(async () => {
      clearInterval(keeping);
      await mirror.close();
    });
    this.say(`@xstate/inspect: ws://127.0.0.1:${mirror.port}`);
  }

  private async serve(port: number): Promise<void> {
    const scene = {
      hello: { ...this.header, kind: 'hello', mode: 'live' } as const,
      worldAt: () => this.live.world,
      descriptors: () => this.live.descriptors(),
    };
    const viewers = new Set<Viewer>();
    const page = await servePage(port, (socket) => {
      const viewer = new Viewer(socket, scene);
      viewers.add(viewer);
      socket.on('close', () => viewers.delete(viewer));
    });
    const updating = setInterval(() => {
      for (const viewer of viewers) viewer.update();
    }, updateMilliseconds);
    this.endings.push(async () => {
      clearInterval(updating);
      await page.close();
    });
    this.io.stdout.write(`${page.url}\n`);
  }

  private write(): void {
    const { io, header } = this;
    if ((io.stdout as Partial<NodeJS.WriteStream>).isTTY === true)
      this.endings.push(drawScreens(this.live.world, header, io, () => this.notes));
    else this.takers.push((record, lost) => io.stdout.write(`${lineOf(record, lost, header)}\n`));
  }

  private say(note: string): void {
    this.notes.push(note);
    this.io.stderr.write(`prefork inspect: ${note}\n`);
  }
}
