import type { ResolvedCodex } from '../client/resolve-codex-bin.ts';
import { commandLine } from './command-line.ts';
import type { ThreadEvent } from './events.ts';
import { execEnv } from './exec-env.ts';
import { CodexExecError, ExecAbortError, ThreadRunError } from './exec-errors.ts';
import { ExecProcess } from './exec-process.ts';
import type { Input } from './input.ts';
import type { CodexOptions, ThreadOptions, TurnOptions } from './options.ts';
import { writeOutputSchema } from './output-schema-file.ts';
import { parseEvent } from './parse-event.ts';
import type { RunResult, RunStreamedResult, Turn } from './turn.ts';

/** What all runs of a thread share. */
export interface ThreadSetup {
  engine: ResolvedCodex;
  options: CodexOptions;
  thread: ThreadOptions;
}

/** A conversation (Python: `Thread`). Each run is a turn, and an engine process of its own. Made by a `Codex`. */
export class Thread {
  readonly #setup: ThreadSetup;
  #id: string | null;

  /** @internal */
  constructor(setup: ThreadSetup, id: string | null) {
    this.#setup = setup;
    this.#id = id;
  }

  /** Null until the first run has said it. It stays, however that run ends, so that the next one goes on with the thread. */
  get id(): string | null {
    return this.#id;
  }

  /**
   * A turn, event by event. Resolves at once: the engine starts when the first event is asked for, and its failures
   * (see `run`) reject there. A failed turn is an event here. A reader that leaves the loop ends the engine.
   */
  async runStreamed(input: Input, turnOptions: TurnOptions = {}): Promise<RunStreamedResult> {
    return { events: this.#events(input, turnOptions) };
  }

  /**
   * A whole turn. However it ends, the engine and its files are gone by then.
   * @throws ThreadRunError when the turn failed, or the engine told of an error and then ended without completing the turn
   * @throws CodexExecError when the engine ended otherwise than with code 0
   * @throws EventParseError when the engine's output is not what `codex exec --json` writes
   * @throws AbortError when `signal` fired
   * @throws LaunchError when the engine could not be started
   * @throws TypeError for input, schema or settings that cannot be passed; nothing was started then
   */
  async run(input: Input, turnOptions: TurnOptions = {}): Promise<RunResult> {
    const turn: Turn = { items: [], finalResponse: '', usage: null };
    let told: string | undefined;
    for await (const event of this.#events(input, turnOptions)) {
      if (event.type === 'item.completed') {
        turn.items.push(event.item);
        if (event.item.type === 'agent_message') turn.finalResponse = event.item.text;
      } else if (event.type === 'turn.completed') {
        turn.usage = event.usage;
      } else if (event.type === 'turn.failed') {
        throw new ThreadRunError(event.error.message, turn);
      } else if (event.type === 'error') {
        told = event.message;
      }
    }
    // Both references resolve here, with an empty answer. An error that was told and then mended (`Reconnecting… 1/5`) is followed by a completion.
    if (told !== undefined && turn.usage === null) throw new ThreadRunError(told, turn);
    return turn;
  }

  async *#events(input: Input, turn: TurnOptions): AsyncGenerator<ThreadEvent, void, undefined> {
    const { signal } = turn;
    const throwIfAborted = () => {
      if (signal?.aborted) throw new ExecAbortError(signal.reason);
    };
    const { engine: launch, options, thread } = this.#setup;
    const { args, prompt } = commandLine({ options, thread, turn, threadId: this.#id, input });
    const schema = await writeOutputSchema(turn.outputSchema);
    try {
      throwIfAborted();
      const env = execEnv(options, launch.pathDirs);
      const engine = await ExecProcess.start(launch.bin, args(schema.path), env, prompt);
      const kill = () => void engine.close();
      signal?.addEventListener('abort', kill);
      try {
        throwIfAborted();
        for (let lines = await engine.nextLines(); lines !== undefined; lines = await engine.nextLines()) {
          for (const line of lines) {
            throwIfAborted();
            const event = parseEvent(line);
            if (event.type === 'thread.started') this.#id = event.thread_id;
            yield event;
          }
        }
        throwIfAborted();
        const { end, stderr } = await engine.ended();
        throwIfAborted();
        if (end.code !== 0) throw new CodexExecError(end, stderr);
      } finally {
        signal?.removeEventListener('abort', kill);
        await engine.close();
      }
    } finally {
      await schema.remove();
    }
  }
}
