import { expectedGot } from '../../native/expected-got.mjs';
import { isPlayedStart, lineOf, textOf, type WireRecord } from '../engine/wire-log.ts';
import { formatGoldenFile } from '../golden/golden-file.ts';
import { isObject, type JsonObject, type JsonValue, mapTexts } from '../json/json.ts';
import { keyOfJson } from '../json/write-json.ts';
import type { Redactor } from './redactor.ts';

const agent = /^([^/]+)\/(\S+) \([^)]*\) .+ \([^;]+; [^)]+\)$/;

/**
 * A wire log as a recording: the format of the goldens (docs/golden-format.md), with ids as placeholders, private facts
 * removed, and times unchanged.
 * @throws Error if two engines ran at the same time, because a replay plays one after the other
 */
export function recordingText(
  records: readonly WireRecord[],
  name: string,
  redactor: Redactor,
): { text: string; lines: number } {
  const ids = new RecordedIds();
  const rows: JsonObject[] = [];
  const row = (lane: string, ch: string, key: string, body: JsonObject) => void rows.push({ lane, key, ch, body });
  /** Process ids are reused: one is here for as long as it is a played engine's. A run of `exec` has a number, a server has none. */
  const played = new Map<number | null, { run?: number }>();
  let runs = 0;
  let client = 'unknown';
  let engineVersion = '0.0.0';
  for (const record of records) {
    switch (record.ch) {
      case 'spawn': {
        // A process that only reports its version or schema has no part in a replay: the fake engine answers by itself.
        played.delete(record.pid);
        if (!isPlayedStart(record.argv)) break;
        const isRun = record.argv.includes('exec');
        if (!isRun && [...played.values()].some(({ run }) => run === undefined))
          throw new Error(
            expectedGot('recording', 'one engine at a time', 'two', 'Record each with a record() of its own'),
          );
        const start = isRun ? { run: ++runs } : {};
        played.set(record.pid, start);
        ids.begin();
        row('argv', 'argv', 'argv', {
          argv: ['<engine>', ...redactor.argv(record.argv.slice(1)).map((word) => ids.text(word))],
          ...start,
        });
        break;
      }
      case 'exit': {
        const start = played.get(record.pid);
        if (start === undefined) break;
        played.delete(record.pid);
        const { code, signal } = record;
        const closed =
          start.run === undefined && (signal === 'SIGTERM' || (signal === null && (code === 0 || code === 143)));
        row('exit', 'exit', 'exit', { code: closed ? '<closed>' : code, signal: closed ? null : signal, ...start });
        break;
      }
      case 'in':
      case 'out': {
        const start = played.get(record.pid);
        if (start === undefined) break;
        // What a run reads is its prompt: a text of lines, whose last one may have no end.
        const isPrompt = start.run !== undefined && record.ch === 'out';
        const line = isPrompt ? { raw: '' } : lineOf(textOf(record), record.partial);
        const ch = `wire.${record.ch}`;
        if ('raw' in line) {
          const end = isPrompt && record.partial === undefined ? '\n' : '';
          row(`${record.ch}/-`, ch, 'raw', { raw: ids.text(redactor.text(readable(record))) + end, ...start });
          break;
        }
        const { clientInfo, userAgent } = greeting(line.msg);
        if (typeof clientInfo === 'string') client = clientInfo;
        engineVersion = agent.exec(userAgent ?? '')?.[2] ?? engineVersion;
        const bound = ids.bind({ side: record.ch, message: withAgent(redactor.value(line.msg), line.msg) });
        row(`${record.ch}/${bound.thread}`, ch, bound.key, { msg: bound.message, ...start });
        break;
      }
      default:
      // What the engine writes to stderr is not part of the protocol, and full of private facts.
    }
  }
  const header = { kind: 'golden', schemaVersion: 1, scenario: name, client: redactor.text(client), engineVersion };
  return { text: formatGoldenFile({ header, lines: rows }), lines: rows.length };
}

/** Bytes that are not UTF-8 may still contain a secret: read byte by byte, it can be found. */
function readable(record: { text: string } | { base64: string }): string {
  return 'text' in record ? record.text : Buffer.from(record.base64, 'base64').toString('latin1');
}

function greeting(message: JsonValue): { clientInfo?: string | undefined; userAgent?: string | undefined } {
  if (!isObject(message)) return {};
  const { params, result } = message;
  const info = isObject(params) && isObject(params.clientInfo) ? params.clientInfo.name : undefined;
  const userAgent = isObject(result) ? result.userAgent : undefined;
  return {
    clientInfo: typeof info === 'string' ? info : undefined,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
  };
}

/** The engine's user agent reveals the system and the terminal. */
function withAgent(redacted: JsonValue, message: JsonValue): JsonValue {
  const { userAgent } = greeting(message);
  if (userAgent === undefined || !agent.test(userAgent) || !isObject(redacted) || !isObject(redacted.result))
    return redacted;
  const placeholders = '<client.name>/<engine.version> (<os>) <term> (<client.name>; <client.version>)';
  return { ...redacted, result: { ...redacted.result, userAgent: placeholders } };
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A recorded message; `side` is the client's (`out`) or the engine's (`in`). */
export interface RecordedMessage {
  side: 'out' | 'in';
  message: JsonValue;
}

/** A message with its ids bound, its thread, and what it is about. */
export interface BoundMessage {
  message: JsonValue;
  /** Placeholder of its thread; `-` if it has none. */
  thread: string;
  /** The method, or `answer METHOD`. */
  key: string;
}

/**
 * Replaces the ids of a recording with placeholders: requests by number, threads, turns and items by what they are,
 * every other UUID by its number. Ids of another form (`msg_1`, a number that a client chose) stay, and the fake engine
 * sends the same ones.
 */
class RecordedIds {
  readonly #bound = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #requests = new Map<string, { placeholder: string; method: string; thread: string }>();
  #start = 0;

  /** Another engine starts: its clients may use the same request ids again. */
  begin(): void {
    this.#start += 1;
  }

  bind({ side, message }: RecordedMessage): BoundMessage {
    if (!isObject(message)) return { message: this.#replace(message), thread: '-', key: 'message' };
    this.#learn(message);
    const out = this.#replace(message) as JsonObject;
    const { id, method } = message;
    if (typeof method === 'string') {
      const thread = threadIn(out.params);
      if (id === undefined) return { message: this.#withRequestId(message, out, side), thread, key: method };
      const kind = side === 'out' ? 'request' : 'server-request';
      const placeholder = `<${kind}:${this.#next(kind)}>`;
      this.#requests.set(this.#requestKey(side, id), { placeholder, method, thread });
      return { message: { ...out, id: placeholder }, thread, key: method };
    }
    const asked =
      id === undefined ? undefined : this.#requests.get(this.#requestKey(side === 'out' ? 'in' : 'out', id));
    if (asked === undefined) return { message: out, thread: '-', key: 'answer ?' };
    return { message: { ...out, id: asked.placeholder }, thread: asked.thread, key: `answer ${asked.method}` };
  }

  /** Replaces the ids in a text that is not a message. */
  text(text: string): string {
    return text.replace(uuid, (id) => this.#placeholder(id, 'id:recording', '#'));
  }

  /** `serverRequest/resolved` names a request of the engine. */
  #withRequestId(message: JsonObject, out: JsonObject, side: 'out' | 'in'): JsonObject {
    const named = isObject(message.params) ? message.params.requestId : undefined;
    if (named === undefined || !isObject(out.params)) return out;
    const asked = this.#requests.get(this.#requestKey(side, named));
    return asked === undefined ? out : { ...out, params: { ...out.params, requestId: asked.placeholder } };
  }

  #learn(message: JsonObject): void {
    for (const holder of [message.params, message.result]) {
      if (!isObject(holder)) continue;
      const thread = isObject(holder.thread) ? holder.thread.id : holder.threadId;
      const turn = isObject(holder.turn) ? holder.turn.id : holder.turnId;
      const item = isObject(holder.item) ? holder.item.id : holder.itemId;
      this.#learnId(thread, 'thread');
      this.#learnId(turn, 'turn');
      this.#learnId(item, 'item');
    }
  }

  #learnId(id: JsonValue | undefined, kind: string): void {
    if (typeof id === 'string' && new RegExp(`^${uuid.source}$`).test(id)) this.#placeholder(id, kind, ':');
  }

  #replace(value: JsonValue): JsonValue {
    return mapTexts(value, (text) => this.text(text));
  }

  #placeholder(id: string, kind: string, separator: string): string {
    const known = this.#bound.get(id);
    if (known !== undefined) return known;
    const placeholder = `<${kind}${separator}${this.#next(kind)}>`;
    this.#bound.set(id, placeholder);
    return placeholder;
  }

  #next(kind: string): number {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return count;
  }

  #requestKey(side: 'out' | 'in', id: JsonValue): string {
    return `${this.#start} ${side} ${keyOfJson(id)}`;
  }
}

function threadIn(params: JsonValue | undefined): string {
  if (!isObject(params)) return '-';
  const id = isObject(params.thread) ? params.thread.id : params.threadId;
  return typeof id === 'string' ? id : '-';
}
