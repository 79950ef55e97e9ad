import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  endings,
  generalDiagrams,
  runDiagrams,
  type ChartDrawing,
  type Diagram,
  type Format,
} from '../../diagrams/render/gallery';
import { drawingOf } from '../drawings';
import { CommandError, type Command, type Io } from '../io';
import { readWords } from '../words';
import { recordsIn } from './recording';

/** `prefork diagrams`: writes the diagrams of the charts, or of a recorded run. */
export const diagrams: Command = {
  help: `usage: prefork diagrams [NAME ...] [--format FORMAT] [--out DIR] [--from FILE]

Draws the charts of the actors (client, watcher, server, standby, monitor, understudy, executor;
container and the actors beside it: log, notify, terminal, stream, control, attach, viewer, feeder,
oom) and what the former do together: topology (who has forked whom, and which descriptors run between
them), causality (what causes what, step by step) and plumbing (who holds which descriptor after each
step). A NAME is one of these, or that of a single diagram; without one it is all of them. They are as
they are in general, unless a recorded run is given: then they show its states, its processes and its
times.

  --format FORMAT   svg, mermaid, dot, scxml (charts alone) or text; svg if they go into a folder
  --out DIR         the folder into which they go, a file each; it is made if need be. Without it
                    they go to standard output: text as it comes, other formats one at a time
  --from FILE       the recorded run; - for standard input

  prefork diagrams topology
  prefork diagrams --out pictures
  prefork diagrams monitor --format dot | dot -Tpdf > monitor.pdf
  prefork inspect --record calls.trace; prefork diagrams causality --from calls.trace`,

  async run(words, io) {
    const { values, positionals } = readWords('diagrams', words, {
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        out: { type: 'string' },
        from: { type: 'string' },
      },
    });
    const format = formatOf(values.format ?? (values.out === undefined ? 'text' : 'svg'));
    const all =
      values.from === undefined
        ? generalDiagrams(committedDrawing)
        : runDiagrams(recordsIn(values.from), committedDrawing);
    const chosen = choose(all, positionals, format);
    if (values.out === undefined) await print(chosen, format, io);
    else await write(chosen, format, values.out);
    return 0;
  },
};

function formatOf(name: string): Format {
  if (Object.hasOwn(endings, name)) return name as Format;
  const known = Object.keys(endings).join(', ');
  throw new CommandError(`diagrams: there is no format '${name}': --format takes ${known}`);
}

interface Drawn {
  readonly name: string;
  readonly draw: () => string | Promise<string>;
}

/** Those that bear one of the names, or are of such a kind; without names all that the format can show. */
function choose(
  all: readonly Diagram[],
  names: readonly string[],
  format: Format,
): readonly Drawn[] {
  const matches = (diagram: Diagram, name: string): boolean =>
    diagram.name === name || diagram.shows === name;
  for (const name of names) {
    if (all.some((diagram) => matches(diagram, name))) continue;
    const known = [...new Set(all.flatMap((diagram) => [diagram.name, diagram.shows]))].join(', ');
    throw new CommandError(`diagrams: there is no '${name}': give some of ${known}`);
  }
  const asked = all.filter(
    (diagram) => names.length === 0 || names.some((name) => matches(diagram, name)),
  );
  const drawn = asked.flatMap(({ name, formats }): readonly Drawn[] => {
    const draw = formats[format];
    return draw === undefined ? [] : [{ name, draw }];
  });
  if (drawn.length > 0 && (names.length === 0 || drawn.length === asked.length)) return drawn;
  const [missing] = asked.filter(({ formats }) => formats[format] === undefined);
  const others = Object.keys(missing?.formats ?? {}).join(', ');
  throw new CommandError(
    `diagrams: ${missing?.name ?? ''} has no ${format}: give --format ${others}`,
  );
}

async function print(drawn: readonly Drawn[], format: Format, { stdout }: Io): Promise<void> {
  if (format !== 'text' && drawn.length > 1) {
    throw new CommandError(
      `diagrams: these are ${drawn.length} files: name one diagram, or give --out DIR`,
    );
  }
  const texts: string[] = [];
  for (const { draw } of drawn) texts.push(await draw());
  stdout.write(texts.join('\n'));
}

async function write(drawn: readonly Drawn[], format: Format, folder: string): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, draw } of drawn) {
      writeFileSync(join(folder, `${name}.${endings[format]}`), await draw());
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandError(`diagrams: cannot write: ${message}`);
  }
}

/** Where a state stands is the same in every run. */
const committedDrawing: ChartDrawing = ({ id }) => drawingOf(id);
