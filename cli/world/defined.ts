type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Without what is undefined. */
export const defined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
