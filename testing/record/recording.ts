import { expectedGot } from '../../native/expected-got.mjs';
import { isPlayedStart, lineOf, textOf, type WireRecord } from '../engine/wire-log.ts';
import { formatGoldenFile } from '../golden/golden-file.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { RecordedIds } from './bind-ids.ts';
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
