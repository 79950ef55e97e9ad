/** What gives an actor its colour: several of one chart have the same. */
export const actorClass = (role: string): string => `actor-${role.split(' ')[0] ?? ''}`;
