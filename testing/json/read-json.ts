import { numberOf } from './exact-number.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Options of `readJson`. */
export interface ReadJsonOptions {
  /**
   * Called for each member whose name occurred before in its object, with the value that it replaces. As with
   * `JSON.parse`, the last one wins. `pointer`: RFC 6901.
   */
  onDuplicateKey?: (pointer: string, replaced: JsonValue) => void;
}

/**
 * Reads JSON without losing what its text says: a number that a double cannot hold becomes an `ExactNumber`. Everything
 * else is as with `JSON.parse`. It costs as much as `JSON.parse` unless the text contains such a number, and linear
 * time then.
 * @throws SyntaxError like `JSON.parse`
 */
export function readJson(text: string, options: ReadJsonOptions = {}): JsonValue {
  // Node's own parser checks the syntax, so that the second reading can rely on it.
  const value = JSON.parse(text) as JsonValue;
  return options.onDuplicateKey === undefined && !mayLose.test(text) ? value : readAgain(text, options);
}

/**
 * What a text says that its value does not: members that it says more than once, by pointer, each with the values that
 * its last one replaced. Undefined where nothing is lost. `JSON.stringify` gives most texts back as they were, and then
 * nothing can be.
 */
export function replacedMembers(text: string, value: JsonValue): JsonObject | undefined {
  if (JSON.stringify(value) === text) return undefined;
  const replaced: Record<string, JsonValue[]> = {};
  readJson(text, {
    onDuplicateKey: (pointer, before) => {
      replaced[pointer] = [...(replaced[pointer] ?? []), before];
    },
  });
  return Object.keys(replaced).length === 0 ? undefined : replaced;
}

/** The start of a number that a double may not hold: -0, 16 characters or more, an exponent. */
const mayLose = /(?:^|[[,:\s])(?:-0|-?(?:[\d.]{16}|[\d.]{1,15}[eE]))/;

/** A list or an object whose end has not been read yet. `key` is undefined while an object's next key is expected. */
type Open = { list: JsonValue[] } | { object: JsonObject; key: string | undefined };

/** Reads a text that is known to be JSON, without recursion, so that depth uses no stack. */
function readAgain(text: string, { onDuplicateKey }: ReadJsonOptions): JsonValue {
  const open: Open[] = [];
  let result: JsonValue = null;
  const put = (value: JsonValue) => {
    const holder = open.at(-1);
    if (holder === undefined) result = value;
    else if ('list' in holder) holder.list.push(value);
    else setMember(holder.object, holder.key ?? '', value);
  };
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    const holder = open.at(-1);
    let end = at + 1;
    if (char === '"') {
      end = stringEnd(text, at);
      const string = JSON.parse(text.slice(at, end)) as string;
      if (holder !== undefined && 'object' in holder && holder.key === undefined) {
        holder.key = string;
        if (onDuplicateKey !== undefined && Object.hasOwn(holder.object, string)) {
          onDuplicateKey(pointerTo(open), holder.object[string] as JsonValue);
        }
      } else put(string);
    } else if (char === '{') {
      const made = { object: {}, key: undefined };
      put(made.object);
      open.push(made);
    } else if (char === '[') {
      const made = { list: [] };
      put(made.list);
      open.push(made);
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === ',') {
      if (holder !== undefined && 'object' in holder) holder.key = undefined;
    } else if (char === '-' || (char >= '0' && char <= '9')) {
      end = numberEnd(text, at);
      put(numberOf(text.slice(at, end)));
    } else if (char === 't' || char === 'f' || char === 'n') {
      end = at + (char === 'f' ? 5 : 4);
      put(char === 'n' ? null : char === 't');
    }
    at = end;
  }
  return result;
}

/** An assignment to `__proto__` would change what the object is. */
function setMember(object: JsonObject, key: string, value: JsonValue): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

/** The index after the closing quote. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at += 1;
  }
}

function numberEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && /[\d.eE+-]/.test(text[at] as string)) at += 1;
  return at;
}

const pointerTo = (open: readonly Open[]): string =>
  open
    .map((one) => String('list' in one ? one.list.length - 1 : one.key))
    .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * For `visit` of the package `yaml`: keeps the digits of numbers that are written as in JSON, as `readJson` does.
 * `visit(document, { Scalar: keepDigits })`.
 */
export function keepDigits(_key: unknown, scalar: { value: unknown; source?: string | undefined }): void {
  const { value, source } = scalar;
  if (typeof value === 'number' && value !== 0 && source !== undefined && jsonNumber.test(source))
    scalar.value = numberOf(source);
}
