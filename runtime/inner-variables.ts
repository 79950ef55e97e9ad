// The variables that a function has around it: out of reach of the program, but not of its debugger, even one
// that is in the same process.

import type { Runtime, Session } from 'node:inspector';

/** A session with this process itself. Takes some milliseconds: open it where nobody waits. */
export function openSession(): Session {
  const { Session } = require('node:inspector') as typeof import('node:inspector');
  const session = new Session();
  session.connect();
  return session;
}

/** What the function's variables of these names hold, as far as there are any and they hold objects. */
export function variablesAround<Name extends string>(
  session: Session,
  around: unknown,
  names: readonly Name[],
): Partial<Readonly<Record<Name, unknown>>> {
  const variables: Partial<Record<Name, unknown>> = {};
  for (const { name, value } of propertiesAround(session, around)) {
    if (value?.objectId === undefined || !names.includes(name as Name)) continue;
    variables[name as Name] ??= objectOf(session, value.objectId);
  }
  return variables;
}

/** The debugger's name for the object that a variable holds which the function has around it. */
export function variableAround(
  session: Session,
  around: unknown,
  variable: string,
): string | undefined {
  return propertiesAround(session, around).find(({ name }) => name === variable)?.value?.objectId;
}

// Those of the innermost scope first.
function propertiesAround(session: Session, around: unknown): Runtime.PropertyDescriptor[] {
  const objectId = handOver(session, around);
  if (objectId === undefined) return [];
  const scopes = propertiesOf(session, objectId).internalProperties?.find(
    ({ name }) => name === '[[Scopes]]',
  )?.value?.objectId;
  if (scopes === undefined) return [];
  return propertiesOf(session, scopes).result.flatMap(({ value }) =>
    value?.objectId === undefined || value.description === 'Global'
      ? []
      : propertiesOf(session, value.objectId).result,
  );
}

// What the type declarations leave out.
interface Properties extends Runtime.GetPropertiesReturnType {
  readonly privateProperties?: readonly Runtime.PropertyDescriptor[];
}

export function propertiesOf(session: Session, objectId: string): Properties {
  return post(session, 'Runtime.getProperties', { objectId, ownProperties: true });
}

/** What a function with this body returns that is called on the object: data only. */
export function ask(session: Session, objectId: string, body: string): unknown {
  const { result } = post(session, 'Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: `function () { ${body}; }`,
    returnByValue: true,
  });
  return result.value;
}

// An object goes to the debugger and comes back from it by way of a variable that both can see.
const holder = globalThis as { preforkHeld?: unknown };

function handOver(session: Session, object: unknown): string | undefined {
  holder.preforkHeld = object;
  const { result } = post(session, 'Runtime.evaluate', { expression: 'preforkHeld' });
  delete holder.preforkHeld;
  return result.objectId;
}

function objectOf(session: Session, objectId: string): unknown {
  ask(session, objectId, 'preforkHeld = this');
  const object = holder.preforkHeld;
  delete holder.preforkHeld;
  return object;
}

interface Answers {
  'Runtime.evaluate': Runtime.EvaluateReturnType;
  'Runtime.getProperties': Properties;
  'Runtime.callFunctionOn': Runtime.CallFunctionOnReturnType;
}

// A session within the process answers before post() returns.
function post<M extends keyof Answers>(
  session: Session,
  method: M,
  parameters: object,
): Answers[M] {
  let answer: Answers[M] | undefined;
  session.post(method, parameters, (error, result) => {
    if (error !== null) throw new Error(`${method}: ${error.message}`);
    answer = result as Answers[M];
  });
  if (answer === undefined) throw new Error(`${method}: no answer`);
  return answer;
}
