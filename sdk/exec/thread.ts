import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { checkStrictly, type ResolvedCodex } from '../client/resolve-codex-bin.ts';
import { forReader, showCallers } from '../errors/callers-line.ts';
import { onAbort } from '../host/on-abort.ts';
import { hiddenState, inspectAs } from '../objects/hidden-state.ts';
import { checkOptions } from '../options/check-options.ts';
import { type AnySchema, checkOutputOptions, type OutputOf } from '../output/output-options.ts';
import { orAbort } from '../rpc/limits.ts';
import type { Line } from '../transport/line-codec.ts';
import { commandLine } from './command-line.ts';
import type { ThreadEvent } from './events.ts';
import { execEnv } from './exec-env.ts';
import { CodexExecError, ExecAbortError } from './exec-errors.ts';
import { ExecProcess } from './exec-process.ts';
import { type Batch, batchOf, fromBatches } from './from-batches.ts';
import type { Input } from './input.ts';
import { type CodexOptions, type ThreadOptions, type TurnOptions, turnRules } from './options.ts';
import { parseEvent } from './parse-event.ts';
import { remoteEnv } from './remote.ts';
import { RunCollector } from './run-collector.ts';
import { writeOutputSchema } from './temporary-folder.ts';
import type { RunResult, RunStreamedResult, StreamedTurn } from './turn.ts';
import { type Runs, typedRun, typedStream } from './typed-run.ts';

/** What all runs of a thread share. */
export interface ThreadSetup {
  engine: ResolvedCodex;
  options: CodexOptions;
  thread: ThreadOptions;
}

interface ThreadState {
  readonly setup: ThreadSetup;
  id: string | null;
}
const state = hiddenState<ThreadState>('Thread');

/** A conversation (Python: `Thread`). Each run is a turn with its own engine process. Created by a `Codex`. */
export class Thread {
  /** @internal */
  constructor(setup: ThreadSetup, id: string | null) {
    state.set(this, { setup, id });
  }

  /**
   * Null until the first run has reported it. It stays, however that run ends, so that the next one continues the
   * thread.
   */
  get id(): string | null {
    return state.of(this).id;
  }

  /**
   * Runs a turn and yields its events. Resolves at once: the engine starts when you ask for the first event, and
   * failures (see `run`) reject there. A failed turn is an event here. Leaving the loop stops the engine. With `output`,
   * `result()` gives the value.
   */
  async runStreamed<S extends AnySchema = undefined>(
    input: Input,
    turnOptions: TurnOptions<S> = {},
  ): Promise<RunStreamedResult<OutputOf<S>>> {
    const own = state.of(this);
    const streamed: StreamedTurn =
      turnOptions?.output == null
        ? { events: turnEvents(own, input, turnOptions) }
        : typedStream(turnOptions, runsOf(own, input));
    return streamed as RunStreamedResult<OutputOf<S>>;
  }

  /**
   * Runs a whole turn. When it settles, the engine and its files are gone.
   * @throws StructuredOutputError if the answer does not fit `output`
   * @throws ThreadRunError if the turn failed, or the engine reported an error and then exited without completing the
   * turn
   * @throws CodexExecError if the engine exited with a code other than 0
   * @throws EventParseError if the engine's output is not what `codex exec --json` writes
   * @throws AbortError if `signal` fired
   * @throws LaunchError if the engine could not be started
   * @throws TypeError for input, a schema or settings that cannot be passed; nothing was started
   */
  async run<S extends AnySchema = undefined>(
    input: Input,
    turnOptions: TurnOptions<S> = {},
  ): Promise<RunResult<OutputOf<S>>> {
    const runs = runsOf(state.of(this), input);
    if (turnOptions?.output == null) return (await runs.run(undefined, turnOptions)) as RunResult<OutputOf<S>>;
    const typed = await typedRun(turnOptions, runs);
    return await typed.answer(await runs.run(undefined, typed.options));
  }
}

showCallers(Thread.prototype);
inspectAs(Thread, ({ id }) => ({ id }));
oneClassInAllCopies({ 'exec.Thread': Thread });

/** Runs of the thread: with the input itself, or with the prompt of a repair. */
function runsOf(own: ThreadState, input: Input): Runs {
  const events = (prompt: string | undefined, options: TurnOptions) => turnEvents(own, prompt ?? input, options);
  return {
    events,
    async run(prompt, options) {
      const collector = new RunCollector();
      for await (const event of events(prompt, options)) {
        collector.take(event);
        if (collector.failure !== undefined) break;
      }
      return collector.result();
    },
  };
}

/**
 * What a turn has open: its engine, its files, its listener. It ends in one way, whether the turn is over, its loop is
 * left, or nobody holds its events any more.
 */
class Opened {
  readonly #closers: (() => unknown)[] = [];
  #closed = Promise.resolve();

  add(closer: () => unknown): void {
    this.#closers.push(closer);
  }

  /** Closes what is open, the newest first. Called again, it waits, and closes what was added since. */
  close(): Promise<void> {
    this.#closed = this.#closed.then(async () => {
      for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) await closer();
    });
    return this.#closed;
  }
}

/** A loop that is neither ended nor left, because nobody holds its events any more, must not keep an engine. */
const abandoned = new FinalizationRegistry<Opened>((opened) => void opened.close());

function turnEvents(own: ThreadState, input: Input, turn: TurnOptions) {
  const opened = new Opened();
  const events = fromBatches(turnBatches(own, input, turn, opened));
  abandoned.register(events, opened);
  return events;
}

/** The events of each piece of the engine's output together. */
async function* turnBatches(
  own: ThreadState,
  input: Input,
  turn: TurnOptions,
  opened: Opened,
): AsyncGenerator<Batch<ThreadEvent>, void, void> {
  checkOptions('Thread.run', turn, turnRules);
  checkOutputOptions('Thread.run', turn);
  const { signal } = turn;
  const throwIfAborted = () => {
    if (signal?.aborted) throw new ExecAbortError(signal.reason);
  };
  const { engine: launch, options, thread } = own.setup;
  const { args, prompt } = commandLine({ options, thread, turn, threadId: own.id, input });
  const schema = await writeOutputSchema(turn.outputSchema);
  opened.add(schema.remove);
  try {
    throwIfAborted();
    const reading = remoteEnv(launch, options, execEnv(options, launch.pathDirs));
    const env = await orAbort('codex exec', reading, { signal }).finally(throwIfAborted);
    const { detached = false, engineCheck } = options;
    if (engineCheck === 'strict') await checkStrictly(launch.bin);
    const engine = await ExecProcess.start({ command: launch.bin, args: args(schema.path), env, detached }, prompt);
    opened.add(() => engine.close());
    opened.add(onAbort(signal, () => void engine.close()));
    throwIfAborted();
    // What is wrong with a last line that the engine's end has cut off: how it ended says more.
    let cut: unknown;
    const read = (text: string): ThreadEvent => {
      if (signal?.aborted) throwIfAborted();
      const event = parseEvent(text);
      if (event.type === 'thread.started') own.id = event.thread_id;
      return event;
    };
    const readLine = ({ text, terminated }: Line): ThreadEvent | undefined => {
      try {
        return read(text);
      } catch (error) {
        if (terminated) throw error;
        cut = error;
        return undefined;
      }
    };
    for (let lines = await engine.nextLines(); lines !== undefined; lines = await engine.nextLines()) {
      if ('texts' in lines) yield batchOf(lines.texts, read);
      else {
        const left = lines.lines[Symbol.iterator]();
        yield {
          take() {
            const { done, value } = left.next();
            return done ? undefined : readLine(value);
          },
        };
      }
    }
    throwIfAborted();
    const { end, stderr } = await engine.ended();
    throwIfAborted();
    if (end.code !== 0) throw new CodexExecError(end, stderr, cut);
    if (cut !== undefined) throw cut;
  } catch (error) {
    throw forReader(error);
  } finally {
    await opened.close();
  }
}
