import { EventEmitter, getEventListeners } from 'node:events';
import { FieldReader } from './fields.ts';

/** How much is held, by the name of what holds it: `TurnRouter.#logs`. What is empty is not there. */
export type Held = Record<string, number>;

/** Numbers that count something. All others are sizes, places and settings. */
const counters: ReadonlySet<string> = new Set([
  'Connection.#holds',
  'TurnContexts.#pending',
  'TurnRouter.#anywhere',
  'TurnRouter.#foreignWeight',
]);

/**
 * Everything that these objects hold, each table by its size: maps, sets and lists of the SDK's own objects, listeners
 * on signals, and counters. It goes from object to object through all fields, private ones too; a new table is in it
 * by itself.
 */
export const heldBy = (roots: readonly object[]): Held => lookAt(roots).held;

/** What these objects hold, and the SDK's own objects that they lead to, themselves among them. */
export function lookAt(roots: readonly object[]): { held: Held; objects: object[] } {
  const reader = new FieldReader();
  const held: Held = {};
  const add = (name: string, size: number): void => {
    if (size !== 0) held[name] = (held[name] ?? 0) + size;
  };
  const seen = new Set<object>();
  const objects: object[] = [];
  const left: { value: object; name: string }[] = roots.map((value) => ({ value, name: '' }));
  const visit = (value: unknown, name: string): void => {
    if (typeof value === 'object' && value !== null) left.push({ value, name });
    else if (typeof value === 'number' && counters.has(name)) add(name, value);
  };
  try {
    for (let next = left.pop(); next; next = left.pop()) {
      const { value, name } = next;
      if (seen.has(value) || isForeign(value)) continue;
      seen.add(value);
      if (value instanceof AbortSignal) add(`${name} listeners`, getEventListeners(value, 'abort').length);
      else if (value instanceof AbortController) visit(value.signal, name);
      else if (value instanceof Map || value instanceof Set) {
        add(name, value.size);
        const isMap = value instanceof Map;
        for (const one of value.values()) visit(one, `${name}[]`);
        if (isMap) for (const key of value.keys()) visit(key, `${name}[]`);
      } else if (Array.isArray(value)) {
        // A list of plain data is a message.
        if (/#\w+(?:\[\])?$/.test(name)) add(name, value.length);
        for (const one of value) visit(one, `${name}[]`);
      } else {
        const plain = isPlain(value);
        if (!plain) objects.push(value);
        const own = plain ? name : value.constructor.name;
        for (const [field, one] of reader.fieldsOf(value)) visit(one, `${own}.${field}`);
      }
    }
  } finally {
    reader.close();
  }
  return { held, objects };
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

/** Of the platform: what is in it is not ours to count. */
function isForeign(value: object): boolean {
  return (
    value instanceof EventEmitter ||
    value instanceof Promise ||
    value instanceof Error ||
    ArrayBuffer.isView(value) ||
    (!isPlain(value) && /\[native code\]/.test(Function.prototype.toString.call(value.constructor)) && !isTable(value))
  );
}

const isTable = (value: object): boolean =>
  value instanceof Map ||
  value instanceof Set ||
  Array.isArray(value) ||
  value instanceof AbortController ||
  value instanceof AbortSignal;
