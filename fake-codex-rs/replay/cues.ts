import { isObject, type JsonObject, type JsonValue, writeJson } from '../exact-json.ts';
import type { GoldenLine } from './golden.ts';

/** A message that the client must send. */
export interface HearCue {
  kind: 'hear';
  /** Line of the golden. */
  number: number;
  lane: string;
  /** The message, or the text of a line that is not JSON. */
  message: JsonValue;
  raw: boolean;
}

/** The next thing that the replay does. */
export type Cue =
  | HearCue
  | { kind: 'say'; number: number; message: JsonValue; raw: boolean }
  | { kind: 'latch'; number: number; name: string }
  | { kind: 'model'; number: number; n: number }
  | { kind: 'killed'; number: number; signal: string }
  | { kind: 'exit'; number: number; code: JsonValue; signal: string | null };

interface Start {
  server: boolean;
  exited: boolean;
  cues: Cue[];
}

/**
 * Splits a golden into what each of its app-servers does, one list for each start. A start for `--version` or a schema
 * has lines of its own, which `cli` answers; they are left out. Exits are in the order of the starts.
 */
export function cuesOfStarts(golden: readonly GoldenLine[]): Cue[][] {
  const starts: Start[] = [];
  let requests = 0;
  const open = (server: boolean) => starts.push({ server, exited: false, cues: [] });
  for (const line of golden) {
    const { ch, body, number } = line;
    if (ch === 'argv') {
      const { argv } = body;
      open(Array.isArray(argv) && argv.includes('app-server') && !argv.includes('generate-json-schema'));
      continue;
    }
    if (ch === 'exit') {
      const ended = starts.find((start) => !start.exited);
      if (ended === undefined) continue;
      ended.exited = true;
      const { code = null, signal } = body;
      ended.cues.push({ kind: 'exit', number, code, signal: typeof signal === 'string' ? signal : null });
      continue;
    }
    const wire = ch === 'wire.in' || ch === 'wire.out';
    const last = starts.at(-1);
    if (wire && last?.server === false && !last.exited && body.raw !== undefined) continue;
    // A golden with nothing but wire lines is one start.
    if (wire && !starts.some((start) => start.server)) open(true);
    const cue = cueOf(line, () => ++requests);
    if (cue !== undefined) starts.findLast((start) => start.server)?.cues.push(cue);
  }
  return starts.filter((start) => start.server).map((start) => start.cues);
}

function cueOf({ ch, lane, body, number }: GoldenLine, nextRequest: () => number): Cue | undefined {
  if (ch === 'wire.in') return { kind: 'say', number, ...messageOf(body) };
  if (ch === 'wire.out') return { kind: 'hear', number, lane, ...messageOf(body) };
  if (ch === 'model.request') return { kind: 'model', number, n: nextRequest() };
  if (ch !== 'mark' || typeof body.mark !== 'string') return undefined;
  const [, verb, name] = /^(released|killed) (.*)$/s.exec(body.mark) ?? [];
  if (verb === undefined || name === undefined) return undefined;
  return verb === 'released' ? { kind: 'latch', number, name } : { kind: 'killed', number, signal: name };
}

function messageOf(body: JsonObject): { message: JsonValue; raw: boolean } {
  return body.raw === undefined ? { message: body.msg ?? null, raw: false } : { message: body.raw, raw: true };
}

/** `turn/start`, `the answer to <server-request:1>`, … for sentences. */
export function nameOf(message: JsonValue, raw = false): string {
  if (raw) return 'a line that is not JSON';
  if (!isObject(message)) return 'a message that is not an object';
  if (typeof message.method === 'string') return message.method;
  return `the answer to ${writeJson(message.id ?? null)}`;
}
