import { openSync, readFileSync, writeSync } from 'node:fs';
import { type JsonObject, writeJson } from '../exact-json.ts';

/** The machine's monotonic clock in nanoseconds, which every process of a run reads. */
export const now = (): number => Number(process.hrtime.bigint());

/** Appends the fake's own wire and findings to a JSONL file, in the tee's format. */
export interface WireLog {
  write(ch: string, record: JsonObject, t?: number): void;
}

export const noLog: WireLog = { write() {} };

/** Written through at once: what a client has seen is in the log, whatever kills the fake next. */
export function openWireLog(file: string): WireLog {
  const fd = openSync(file, 'a');
  return {
    write(ch, record, t = now()) {
      const bytes = Buffer.from(`${writeJson({ t, ch, pid: process.pid, ...record })}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    },
  };
}

/**
 * How many starts of some kind this log has seen: a client that reconnects starts the golden's next engine.
 * @param isOne judges the engine's arguments
 */
export function earlierStarts(file: string, isOne: (argv: readonly string[]) => boolean): number {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw cause;
  }
  return text.split('\n').filter((row) => {
    if (!row.includes('"ch":"spawn"')) return false;
    const record = JSON.parse(row) as { ch: string; argv?: string[] };
    return record.ch === 'spawn' && isOne(record.argv?.slice(1) ?? []);
  }).length;
}
