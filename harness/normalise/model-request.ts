import { createHash } from 'node:crypto';
import { isObject, type JsonObject, type JsonValue, mapChildren } from '../../testing/json/json.ts';
import { keyOfJson } from '../../testing/json/write-json.ts';
import type { NormalisedLine } from './types.ts';
import { textAt } from './wire-facts.ts';

const longText = 400;
const noItems: JsonValue[] = [];

/** Prompts are long and the engine's own, so a hash is enough to compare them; a user's text stays readable. */
function hashLongText(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.length > longText ? hashed(value) : value;
  return mapChildren(value, hashLongText);
}

/** What stands for a long text. */
export function hashed(value: JsonValue): string {
  const text = typeof value === 'string' ? value : keyOfJson(value);
  return `<sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)} of ${text.length}>`;
}

const kept = [
  'model',
  'stream',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'store',
  'include',
  'service_tier',
  'prompt_cache_key',
];

/** A trimmed line, and the conversation it was trimmed against. */
export interface TrimmedRequest {
  before: readonly JsonValue[];
  trimmed: NormalisedLine;
}

/**
 * Keeps the parts of a model request that a client can influence: new input items, settings; prompts and tools as
 * hashes.
 */
export class ModelRequestTrimmer {
  readonly #seen = new Map<string, JsonValue[]>();
  readonly #known: WeakMap<NormalisedLine, TrimmedRequest>;

  readonly #whole: boolean;

  /**
   * @param known what was trimmed before: the same line after the same conversation is not hashed again
   * @param whole keeps every part and every text, for people to read; only what an earlier request had is left out
   */
  constructor(known: WeakMap<NormalisedLine, TrimmedRequest>, whole = false) {
    this.#known = known;
    this.#whole = whole;
  }

  /** A line whose paths, dates and ids have been replaced, so that hashes do not depend on them. */
  trim(line: NormalisedLine): NormalisedLine {
    const { body } = line.body;
    if (line.ch !== 'model.request' || !isObject(body)) return line;
    const conversation = conversationOf(line.body) ?? '';
    const before = this.#seen.get(conversation) ?? noItems;
    const input = Array.isArray(body.input) ? body.input : noItems;
    this.#seen.set(conversation, input);
    const known = this.#known.get(line);
    if (known?.before === before) return known.trimmed;
    const trimmed = { ...line, body: { ...line.body, body: this.#trim(body, input, before) } };
    this.#known.set(line, { before, trimmed });
    return trimmed;
  }

  #trim(body: JsonObject, input: readonly JsonValue[], before: readonly JsonValue[]): JsonObject {
    const out: JsonObject = {};
    if (this.#whole) return { ...body, input: newItems(input, before) };
    for (const key of kept) if (body[key] !== undefined) out[key] = body[key];
    if (body.instructions !== undefined) out.instructions = hashed(body.instructions);
    if (body.tools !== undefined) out.tools = hashed(body.tools);
    const fresh = newItems(input, before);
    out.inputBefore = input.length - fresh.length;
    out.input = fresh.map(hashLongText);
    return out;
  }
}

function newItems(input: readonly JsonValue[], before: readonly JsonValue[]): JsonValue[] {
  let known = 0;
  while (known < before.length && keyOfJson(before[known]) === keyOfJson(input[known])) known += 1;
  return input.slice(known);
}

/**
 * The thread of a model request. A sub-agent shares its parent's cache key and asks at its own pace. By the key, the
 * two would be one conversation, whose order and whose "items since the last request" change from run to run.
 */
export function conversationOf(request: JsonObject): string | undefined {
  return textAt(request, 'headers', 'thread-id') ?? textAt(request, 'body', 'prompt_cache_key');
}
