/** What Node was told on its command line and by NODE_OPTIONS, in one line. */
export function nodeOptions(): string {
  return [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
}
