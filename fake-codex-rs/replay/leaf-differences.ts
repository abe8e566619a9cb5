import {
  ExactNumber,
  isObject,
  type JsonObject,
  type JsonValue,
  keyOf,
  pointerStep,
  sameNumber,
} from '../exact-json.ts';
import type { Bindings } from './bindings.ts';
import { anyPlaceholder, hasPlaceholder, isEscape, numberPlaceholders, ownerId } from './placeholders.ts';

/** A place where a client's message differs from the golden. A side that has nothing there is undefined. */
export interface LeafDifference {
  /** JSON pointer in the message. */
  path: string;
  golden: JsonValue | undefined;
  client: JsonValue | undefined;
  /** It identifies the thread, turn, item or request: a difference here means that this is another message. */
  identity: boolean;
}

const identityKeys = new Set(['threadId', 'turnId', 'expectedTurnId', 'itemId']);

/**
 * Compares a client's value with the golden's. Ids that the client chooses are added to `bound` and must be equal from
 * then on; times, paths and the like match what they can stand for.
 */
export function leafDifferences(
  golden: JsonValue | undefined,
  client: JsonValue | undefined,
  bindings: Bindings,
  bound: Map<string, string>,
  at: { path: string; key?: string } = { path: '' },
): LeafDifference[] {
  if (isObject(golden) && isObject(client)) {
    const names = clientNames(golden, client, bindings, bound);
    const keys = [...new Set([...Object.keys(golden).map((key) => names.get(key) ?? key), ...Object.keys(client)])];
    const goldenNames = new Map([...names].map(([key, name]) => [name, key]));
    return keys.flatMap((key) =>
      leafDifferences(golden[goldenNames.get(key) ?? key], client[key], bindings, bound, {
        path: at.path + pointerStep(key),
        key,
      }),
    );
  }
  if (Array.isArray(golden) && Array.isArray(client)) {
    const length = Math.max(golden.length, client.length);
    return Array.from({ length }, (_, index) =>
      leafDifferences(golden[index], client[index], bindings, bound, { path: at.path + pointerStep(index) }),
    ).flat();
  }
  if (equalLeaf(golden, client, bindings, bound)) return [];
  const owner = typeof golden === 'string' && ownerId.test(golden);
  const identity = owner || (golden !== undefined && at.key !== undefined && identityKeys.has(at.key));
  return [{ path: at.path, golden, client, identity }];
}

/** Names in the golden that are a path or an id, such as `projects["<workspace>"]`, with the client's name for each. */
function clientNames(
  golden: JsonObject,
  client: JsonObject,
  bindings: Bindings,
  bound: Map<string, string>,
): Map<string, string> {
  const names = new Map<string, string>();
  const left = new Set(Object.keys(client).filter((name) => !Object.hasOwn(golden, name)));
  for (const key of Object.keys(golden)) {
    if (!hasPlaceholder(key) || Object.hasOwn(client, key)) continue;
    for (const name of left) {
      if (!fits(key, name, bindings, bound)) continue;
      names.set(key, name);
      left.delete(name);
      break;
    }
  }
  return names;
}

/** How many values it contains: at most this many can differ in `leafDifferences`. */
export function countLeaves(value: JsonValue): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + countLeaves(inner), 0);
  if (isObject(value)) return Object.values(value).reduce<number>((sum, inner) => sum + countLeaves(inner), 0);
  return 1;
}

function equalLeaf(
  golden: JsonValue | undefined,
  client: JsonValue | undefined,
  bindings: Bindings,
  bound: Map<string, string>,
): boolean {
  if (golden === client || sameNumber(golden, client)) return true;
  if (Array.isArray(golden) || isObject(golden)) return keyOf(golden) === keyOf(client);
  if (typeof golden !== 'string' || !hasPlaceholder(golden)) return false;
  const isNumber = typeof client === 'number' || client instanceof ExactNumber;
  if (numberPlaceholders.has(golden)) return isNumber;
  if (golden === '<process>') return typeof client === 'string' || isNumber;
  if (golden.startsWith('<server-request:')) return client === bindings.sentServerRequest(golden);
  return typeof client === 'string' && fits(golden, client, bindings, bound);
}

function fits(golden: string, client: string, bindings: Bindings, bound: Map<string, string>): boolean {
  const free: string[] = [];
  let pattern = '';
  let end = 0;
  for (const match of golden.matchAll(anyPlaceholder)) {
    const [placeholder] = match;
    pattern += escaped(golden.slice(end, match.index));
    end = match.index + placeholder.length;
    if (isEscape(placeholder)) {
      pattern += '<';
      continue;
    }
    const id = /^<(?:thread|turn|item|id):/.test(placeholder);
    const known = id ? (bound.get(placeholder) ?? bindings.known(placeholder)) : undefined;
    if (known !== undefined) pattern += escaped(known);
    else if (id) {
      free.push(placeholder);
      pattern += '(.+?)';
    } else pattern += '.+?';
  }
  const match = new RegExp(`^${pattern}${escaped(golden.slice(end))}$`, 's').exec(client);
  if (match === null) return false;
  for (const [index, placeholder] of free.entries()) {
    const value = match[index + 1] as string;
    if ((bound.get(placeholder) ?? value) !== value) return false;
    bound.set(placeholder, value);
  }
  return true;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
