// How a step of Node's own is taken in part: it fails at a point where it has left nothing behind.

/** Has it happen as far as it goes: it may be meant to fail, or this Node may have no such step. */
export function attempt(act: () => unknown): void {
  try {
    act();
  } catch {
    // as planned
  }
}

/** While `act` runs, whoever calls the object's method of that name fails. */
export function withoutMethod(object: object, name: string, act: () => void): void {
  withOwn(object, name, act, {
    value() {
      throw new Error('not to be called');
    },
  });
}

/** While `act` runs, whoever sets a property of that name fails; returns the object that was to have it. */
export function untilSet(prototype: object, name: string, act: () => void): object | undefined {
  let found: object | undefined;
  withOwn(prototype, name, () => attempt(act), {
    set(this: object) {
      // eslint-disable-next-line @typescript-eslint/no-this-alias -- there is no other way to it
      found = this;
      throw new Error('not to be set');
    },
  });
  return found;
}

function withOwn(
  object: object,
  name: string,
  act: () => void,
  descriptor: PropertyDescriptor,
): void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { configurable: true, ...descriptor });
  try {
    act();
  } finally {
    Reflect.deleteProperty(object, name);
    if (before !== undefined) Object.defineProperty(object, name, before);
  }
}
