/** The `#private` fields of an object, as a debugger sees them: by a session of this very thread, which answers at once. */

interface Session {
  connect(): void;
  disconnect(): void;
  post(method: string, params: object, callback: (error: unknown, result: never) => void): void;
}

interface RemoteValue {
  readonly type: string;
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
}

interface RemoteField {
  readonly name: string;
  /** Absent of an accessor. */
  readonly value?: RemoteValue;
}

/** `value` is there unless it is an accessor. */
export interface PrivateField {
  readonly name: string;
  readonly value?: unknown;
}

/** Where objects wait for the session, and for us. */
const OBJECT = Symbol.for("airssys.inspect.object");
const VALUES = Symbol.for("airssys.inspect.values");
const KEEP = `function(...values) { globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(VALUES))})] = values; }`;
const GROUP = "airssys.inspect";

const holder = globalThis as unknown as Record<symbol, unknown>;

/**
 * Runs nothing of the program, but for the `message` that an error in such a field computes: V8 says its text with the field.
 *
 * Fields of one class after those of the class that it extends.
 *
 * @param object no `isTrap`
 * @returns `undefined` where Node has no inspector, or denies it.
 */
export function privateFieldsOf(object: object): readonly PrivateField[] | undefined {
  const session = open();
  if (session === undefined) return undefined;
  holder[OBJECT] = object;
  try {
    return read(session);
  } finally {
    delete holder[OBJECT];
    delete holder[VALUES];
    session.disconnect();
  }
}

function open(): Session | undefined {
  try {
    const inspector = process.getBuiltinModule?.("node:inspector") as unknown as { Session: new () => Session };
    const session = new inspector.Session();
    session.connect();
    return session;
  } catch {
    return undefined; // a Node that was built without it, or does not permit it
  }
}

function read(session: Session): readonly PrivateField[] | undefined {
  const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(OBJECT))})]`;
  const found = ask<{ result: RemoteValue }>(session, "Runtime.evaluate", { expression, objectGroup: GROUP });
  const objectId = found?.result.objectId;
  const looked = ask<{ privateProperties?: readonly RemoteField[] }>(session, "Runtime.getProperties", {
    objectId,
    ownProperties: true,
    nonIndexedPropertiesOnly: true,
  });
  const fields = looked && fieldsOf(session, objectId, looked.privateProperties ?? []);
  ask(session, "Runtime.releaseObjectGroup", { objectGroup: GROUP });
  return fields;
}

/** With the values themselves, which the session knows by number. */
function fieldsOf(session: Session, objectId: string | undefined, fields: readonly RemoteField[]): PrivateField[] {
  const handles = fields.flatMap(({ value }) => (value?.objectId === undefined ? [] : [{ objectId: value.objectId }]));
  if (handles.length > 0)
    ask(session, "Runtime.callFunctionOn", { objectId, functionDeclaration: KEEP, arguments: handles, silent: true });
  const values = [...((holder[VALUES] as readonly unknown[] | undefined) ?? [])];
  return fields.map(({ name, value }) => {
    if (value === undefined) return { name };
    return { name, value: value.objectId === undefined ? primitiveOf(value) : values.shift() };
  });
}

function primitiveOf({ type, value, unserializableValue }: RemoteValue): unknown {
  if (unserializableValue === undefined) return value;
  return type === "bigint" ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue);
}

/** @returns `undefined` when it is refused. */
function ask<T>(session: Session, method: string, params: object): T | undefined {
  let answer: T | undefined;
  session.post(method, params, (error, result) => {
    if (error === null) answer = result as T;
  });
  return answer;
}
