import { interruptible } from '../client/interruptible.ts';
import { type AnySchema, checkOutputOptions, type OutputOf } from '../output/output-options.ts';
import type { Schema } from '../schema/standard-schema.ts';
import type { ThreadEvent } from './events.ts';
import { StructuredOutputError, ThreadRunError } from './exec-errors.ts';
import type { TurnOptions } from './options.ts';
import { RunCollector } from './run-collector.ts';
import type { RunResult, RunStreamedResult, Turn } from './turn.ts';

/** Starts a run of the thread, or the next one for a repair. */
export interface Runs {
  events(prompt: string | undefined, options: TurnOptions): AsyncGenerator<ThreadEvent, void, undefined>;
  run(prompt: string | undefined, options: TurnOptions): Promise<Turn>;
}

/** A run whose final message becomes a value. */
export interface TypedRun<Output> {
  /** Of the run itself, with the strict schema. */
  options: TurnOptions;
  answer(turn: Turn): Promise<RunResult<Output>>;
}

/** @throws TypeError for a schema that the model's service would refuse; nothing is started */
export async function typedRun<S extends AnySchema>(
  options: TurnOptions<S>,
  runs: Runs,
): Promise<TypedRun<OutputOf<S>>> {
  checkOutputOptions('Thread.run', options);
  const { prepareOutput } = await import('../output/prepare-output.ts');
  const { withOutput } = await import('../output/read-output.ts');
  const { output, repair = 0, ...rest } = options;
  const prepared = await prepareOutput(output as Schema);
  const own: TurnOptions = { ...rest, outputSchema: prepared.schema };
  const turns = {
    text: ({ items, finalResponse }: Turn) =>
      items.some(({ type }) => type === 'agent_message') ? finalResponse : null,
    isInterrupted: () => false,
    run: (prompt: string) => runs.run(prompt, own),
    isTurnFailure: (error: unknown) => error instanceof ThreadRunError,
    combined: (first: Turn, second: Turn) => ({ ...second, items: [...first.items, ...second.items] }),
    error: (failed: ConstructorParameters<typeof StructuredOutputError>[0], turn: Turn) =>
      new StructuredOutputError(failed, turn),
  };
  return {
    options: own,
    answer: async (turn) => (await withOutput(turn, prepared, repair, turns)) as RunResult<OutputOf<S>>,
  };
}

/** The events of a run, and what its final message comes to. The reader and whoever asks for the result share the run. */
export function typedStream<S extends AnySchema>(
  options: TurnOptions<S>,
  runs: Runs,
): RunStreamedResult<OutputOf<S>> & { result(): Promise<RunResult<OutputOf<S>>> } {
  const typed = once(() => typedRun(options, runs));
  const collector = new RunCollector();
  let over = false;
  async function* whole(signal: AbortSignal): AsyncGenerator<ThreadEvent, void, undefined> {
    for await (const event of runs.events(undefined, { ...(await typed()).options, signal })) {
      collector.take(event);
      yield event;
    }
    over = true;
  }
  const { events, drain } = drainable(interruptible(options.signal, whole));
  const result = once(async () => {
    await drain();
    if (!over) throw new StructuredOutputError({ reason: 'interrupted', text: null, issues: [] }, collector.turn);
    return await (await typed()).answer(collector.result());
  });
  return { events, result };
}

/** A generator that can be read to its end beside its reader, who still gets every value. */
function drainable<T>(values: AsyncGenerator<T, void, undefined>) {
  const kept: T[] = [];
  let failure: { error: unknown } | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  /** One after the other, so that the values stay in their order. */
  const inTurn = <R>(work: () => Promise<R>): Promise<R> => {
    const done = queue.then(work);
    queue = done.catch(() => {});
    return done;
  };
  const pull = async () => {
    if (failure) throw failure.error;
    try {
      return await values.next();
    } catch (error) {
      // The reader and the other get it both.
      failure = { error };
      throw error;
    }
  };
  const events: AsyncGenerator<T, void, undefined> = {
    next: () => inTurn(async () => (kept.length > 0 ? { done: false, value: kept.shift() as T } : await pull())),
    return: () => values.return(),
    throw: (error) => values.throw(error),
    [Symbol.asyncIterator]: () => events,
    [Symbol.asyncDispose]: async () => void (await values.return()),
  };
  const keepNext = async () => {
    const { done, value } = await pull();
    if (!done) kept.push(value as T);
    return done === true;
  };
  const drain = async () => {
    while (!(await inTurn(keepNext)));
  };
  return { events, drain };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
