import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endings, type Format } from '../../diagrams/render/gallery';
import { projectRoot } from './sandbox';

/** Where the committed drawings are, and the small ones that are kept as examples. */
export const drawnFolder = join(projectRoot, 'diagrams');
export const goldenFolder = join(projectRoot, 'test/golden/diagrams');

/** All of one format. */
export const filesOf = (format: Format): readonly string[] =>
  [drawnFolder, goldenFolder].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(`.${endings[format]}`))
      .map((name) => join(folder, name)),
  );
