import { isObject, type JsonValue } from '../../json.ts';
import type { GoldenLine } from '../../replay/golden.ts';

/** The next thing that a run of `exec` in a golden does. */
export type RunCue =
  | { kind: 'say'; text: string; raw: true }
  | { kind: 'say'; message: JsonValue; raw: false }
  | { kind: 'tell'; text: string }
  /** Its input has been read to the end. */
  | { kind: 'heard' }
  | { kind: 'latch'; name: string }
  | { kind: 'model'; n: number }
  /** The harness asked it to exit; what follows is how it reacted. */
  | { kind: 'killed' }
  | { kind: 'exit'; code: JsonValue; signal: string | null };

export interface GoldenRun {
  argv: string[];
  cues: RunCue[];
}

interface Open extends GoldenRun {
  thread: string | undefined;
  ended: boolean;
}

/** Splits a golden into its runs of `exec`, by the numbers on its lines. Every current run waits for a latch. */
export function runsOfGolden(golden: readonly GoldenLine[]): GoldenRun[] {
  const runs = new Map<number, Open>();
  const open = (): Open[] => [...runs.values()].filter(({ ended }) => !ended);
  let requests = 0;
  for (const { ch, lane, body } of golden) {
    const number = typeof body.run === 'number' ? body.run : undefined;
    if (number === undefined) {
      const latch =
        ch === 'mark' && typeof body.mark === 'string' ? /^released (.*)$/s.exec(body.mark)?.[1] : undefined;
      if (ch === 'mark' && String(body.mark).startsWith('killed ')) open().at(-1)?.cues.push({ kind: 'killed' });
      if (latch !== undefined) for (const run of open()) run.cues.push({ kind: 'latch', name: latch });
      if (ch === 'model.request') {
        const n = ++requests;
        const asking = open().findLast(({ thread }) => `model/${thread}` === lane) ?? open().at(-1);
        asking?.cues.push({ kind: 'model', n });
      }
      continue;
    }
    const run: Open = runs.get(number) ?? { argv: [], cues: [], thread: undefined, ended: false };
    runs.set(number, run);
    if (ch === 'argv') run.argv = Array.isArray(body.argv) ? body.argv.map(String) : [];
    else if (ch === 'wire.out') {
      if (run.cues.at(-1)?.kind !== 'heard') run.cues.push({ kind: 'heard' });
    } else if (ch === 'stderr') run.cues.push({ kind: 'tell', text: String(body.text) });
    else if (ch === 'exit') {
      run.ended = true;
      const { code = null, signal } = body;
      run.cues.push({ kind: 'exit', code, signal: typeof signal === 'string' ? signal : null });
    } else if (ch === 'wire.in') {
      const { msg, raw } = body;
      if (isObject(msg) && typeof msg.thread_id === 'string') run.thread = msg.thread_id;
      run.cues.push(
        raw === undefined
          ? { kind: 'say', message: msg ?? null, raw: false }
          : { kind: 'say', text: String(raw), raw: true },
      );
    }
  }
  return [...runs.entries()].sort(([a], [b]) => a - b).map(([, { argv, cues }]) => ({ argv, cues }));
}
