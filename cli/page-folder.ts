import { join } from 'node:path';

/** Where the files of the page are. */
export const pageFolder = join(__dirname, 'page');
