import { resolve } from 'node:path';
import { servePage } from '../inspect/page-server';
import { untilInterrupted } from '../inspect/until-interrupted';
import { Viewer } from '../inspect/viewer';
import { CommandError, type Command } from '../io';
import { readPort, readWords } from '../words';
import { Recording } from './recording';

/** `prefork replay`: runs until it is interrupted. */
export const replay: Command = {
  help: `usage: prefork replay [--port PORT] FILE

Shows a recording as prefork inspect shows what goes on, with a slider for the time. Prints the
address of a page for a browser on this machine.

  --port PORT    where the page is; by default a port that is free

  prefork inspect --record calls.trace
  prefork replay calls.trace`,

  async run(words, io) {
    const { values, positionals } = readWords('replay', words, {
      options: { port: { type: 'string', default: '0' } },
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0)
      throw new CommandError('replay: give the name of one recording: prefork replay FILE');
    const port = readPort('replay', '--port', values.port);
    const recording = new Recording(file);
    const { header, first, last, activity } = recording;
    const about = { file: resolve(file), first, last, activity };
    const hello = { ...header, ...about, kind: 'hello', mode: 'replay' } as const;
    const page = await servePage(port, (socket) => {
      const viewer = new Viewer(socket, { hello, worldAt: (time = last) => recording.at(time) });
      viewer.update();
    });
    io.stdout.write(`${page.url}\n`);
    await untilInterrupted(io.stdout);
    await page.close();
    recording.close();
    return 0;
  },
};
