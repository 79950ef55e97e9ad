/** A chart outside the subset that compiles: where it is, and why. */
export class ChartError extends Error {
  /**
   * @param place the state by the chart's id and its path, then the key: `client.connecting: on.GREETED`
   * @param reason why this cannot stand there
   */
  constructor(
    readonly place: string,
    readonly reason: string,
  ) {
    super(`${place}: ${reason}`);
    this.name = 'ChartError';
  }
}
