import { isObject, type JsonValue, writeJson } from '../../exact-json.ts';
import { Bindings } from '../../replay/bindings.ts';
import { controlAt, noControl } from '../../replay/control.ts';
import { type Facts, Filler } from '../../replay/fill.ts';
import { type GoldenLine, readGolden } from '../../replay/golden.ts';
import type { Exit } from '../../replay/player.ts';
import { LineWriter } from '../../wire/line-writer.ts';
import type { ReplayOptions } from '../options.ts';
import type { ExecRun } from '../side-run.ts';
import { endedBy, untilClientGone } from './exec-end.ts';
import { execInput } from './exec-input.ts';

/**
 * Stands in for a run of `codex exec --json` in a golden: the nth run says what the golden's nth run said, whatever its
 * arguments are. They are logged, and whoever compares the log compares them. Only a thread that the golden's run does
 * not resume is refused, as the engine would refuse it.
 * @throws FakeError if there is no such golden, it is broken, or the control server is gone
 */
export async function replayExec(golden: string, run: ExecRun): Promise<Exit> {
  const { options, start, log, closing } = run;
  const lines = readGolden(golden);
  const runs = runsOfGolden(lines);
  const part = runs[start];
  const bindings = new Bindings(lines, options.seed, options.moment);
  if (part === undefined) {
    const text = `the client starts the engine ${start + 1} times; the golden does so ${runs.length} times`;
    log.write('mark', { mark: 'replay miss', detail: { text } });
    return refuse(`fake-codex-rs: replay miss: ${text}`, run);
  }
  const unknown = unknownThread(run.argv, part, bindings);
  if (unknown !== undefined)
    return refuse(
      `Error: thread/resume: thread/resume failed: no rollout found for thread id ${unknown} (code -32600)`,
      run,
    );
  const filler = new Filler(bindings, factsOf(options));
  const writer = new LineWriter(process.stdout, (text) => log.write('in', { text }));
  const control = options.control === undefined ? noControl : controlAt(options.control);
  const perform = async (cue: Exclude<RunCue, { kind: 'exit' | 'killed' }>): Promise<unknown> => {
    switch (cue.kind) {
      case 'say':
        return writer.write(cue.raw ? cue.text : writeJson(filler.fill(cue.message)));
      case 'tell': {
        const text = `${String(filler.fill(cue.text))}\n`;
        log.write('stderr', { text });
        return new Promise<void>((resolve) => process.stderr.write(text, () => resolve()));
      }
      case 'heard':
        return execInput(log).read();
      case 'latch':
        return control.latch(cue.name);
      case 'model':
        return control.modelReached(cue.n);
    }
  };
  const gone = untilClientGone(closing);
  // By the harness, as in the golden: what follows there is how the engine reacted.
  let told = false;
  try {
    for (const cue of part.cues) {
      // If the golden's run was killed, this one must be too: SIGKILL leaves nothing to do.
      const waits = cue.kind === 'killed' || (cue.kind === 'exit' && cue.signal !== null);
      if (waits) await closing.begun;
      if (cue.kind === 'killed') told = true;
      else if (closing.reason !== undefined && (waits || !told)) return endedBy(closing.reason.signal);
      else if (cue.kind === 'exit') {
        await Promise.race([writer.flushed(), closing.begun]);
        return { code: typeof cue.code === 'number' ? cue.code : 1, signal: null };
      } else await (told ? perform(cue) : Promise.race([perform(cue), closing.begun]));
    }
    await closing.begun;
    return endedBy(closing.reason?.signal ?? null);
  } finally {
    gone.stop();
  }
}

/**
 * The thread that this run resumes although the golden's resumes another. A thread that the golden's client chose
 * itself is taken from the run.
 */
function unknownThread(argv: readonly string[], { argv: golden }: GoldenRun, bindings: Bindings): string | undefined {
  const [recorded, seen] = [golden, argv].map((words) => {
    const at = words.indexOf('resume');
    return at < 0 ? undefined : words[at + 1];
  });
  if (seen === undefined || recorded === undefined || !recorded.startsWith('<')) return undefined;
  const known = bindings.known(recorded);
  if (known === undefined) bindings.bind(recorded, seen);
  return known === undefined || known === seen ? undefined : seen;
}

async function refuse(text: string, { log }: ExecRun): Promise<Exit> {
  log.write('stderr', { text: `${text}\n` });
  await new Promise<void>((resolve) => process.stderr.write(`${text}\n`, () => resolve()));
  return { code: 1, signal: null };
}

const factsOf = ({ paths, engineVersion, moment, control }: ReplayOptions): Facts => ({
  paths,
  engineVersion,
  moment,
  port: control === undefined ? '1' : new URL(control).port,
  clientName: 'unknown',
  clientTitle: 'Unknown',
  clientVersion: '0.0.0',
  processId: '4242',
});

/** The next thing that a run of `exec` in a golden does. */
type RunCue =
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

interface GoldenRun {
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
