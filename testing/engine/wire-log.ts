import { readFileSync } from 'node:fs';
import { expectedGot } from '../../native/expected-got.mjs';
import type { JsonValue } from '../json/json.ts';
import { readJson } from '../json/read-json.ts';

/** One record of a wire log, as the tee and the fake engine write it. `pid` is the engine's own. */
export type WireRecord = {
  t: number;
  pid: number | null;
} /** `schema`: the text of the file of `--output-schema`. */ & (
  | { ch: 'spawn'; tee?: number; argv: string[]; env: Record<string, string>; cwd?: string; schema?: string }
  /** `wrong`: the fake engine sent this wrong on purpose. */
  | ({ ch: 'out' | 'in' | 'stderr'; partial?: true; wrong?: true } & ({ text: string } | { base64: string }))
  | { ch: 'exit'; code: number | null; signal: string | null; error?: string }
  /** A problem that the fake engine found; part of what happened. */
  | { ch: 'mark'; mark: string; detail?: JsonValue }
  /** A client's message that found its place but differs from the golden there. */
  | { ch: 'replay'; message: string; line: number; path: string; golden?: JsonValue; client?: JsonValue }
);

/** One start of the engine, and whether its exit was seen. */
export interface EngineStart {
  /** The engine's process id; null if it could not be started. */
  pid: number | null;
  /** The tee's process id. */
  tee: number | null;
  exited: boolean;
}

/**
 * Reads a wire log. A last line without a newline was left by a killed writer and is skipped. A missing file is an
 * empty log: the engine was never started.
 * @throws Error if a complete line is not JSON
 */
export function readWireLog(file: string): WireRecord[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(expectedGot(`reading the wire log ${file}`, 'a file', (cause as Error).message), { cause });
  }
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as WireRecord;
    } catch (cause) {
      throw new Error(expectedGot(`reading the wire log ${file}:${index + 1}`, 'JSON', line.slice(0, 80)), { cause });
    }
  });
}

/**
 * Whether a script or a golden has a part for this start: a server or a run of `exec`, and not a start that only asks
 * for a version or a schema.
 */
export function isPlayedStart(argv: readonly string[]): boolean {
  const words = argv.slice(1);
  if (words.includes('app-server')) return !words.includes('generate-json-schema');
  return words.includes('exec');
}

/** The engine's starts, in order. */
export function engineStarts(records: readonly WireRecord[]): EngineStart[] {
  const starts: EngineStart[] = [];
  for (const record of records) {
    if (record.ch === 'spawn') starts.push({ pid: record.pid, tee: record.tee ?? null, exited: false });
    else if (record.ch === 'exit') {
      const start = starts.findLast((one) => one.pid === record.pid);
      if (start) start.exited = true;
    }
  }
  return starts;
}

/** Bytes that are not UTF-8 are shown as bytes: a replacement character would hide which they were. */
export function textOf(record: { text: string } | { base64: string }): string {
  return 'text' in record ? record.text : `base64:${record.base64}`;
}

/** The content of a line: the message, or the text of what was not one. */
export function lineOf(text: string, partial: true | undefined): { msg: JsonValue } | { raw: string } {
  // A line without its newline was never a message, even if its text is complete.
  if (partial) return { raw: text };
  try {
    return { msg: readJson(text) };
  } catch {
    return { raw: text };
  }
}
