import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { clearTimeout, setTimeout } from '../host/real-timers.ts';
import { afterQuiet } from '../transport/after-quiet.ts';
import { type Launch, spawned } from '../transport/launch.ts';
import { type Line, LineDecoder } from '../transport/line-codec.ts';
import { endWithHost } from '../transport/live-processes.ts';
import { StderrTail } from '../transport/stderr-tail.ts';
import { type EngineEnd, EventParseError, ExecLaunchError, malformedItem } from './exec-errors.ts';
import { OutputReader, pipeGraceMs } from './output-reader.ts';

/**
 * How long the engine has to exit after SIGINT, and then after SIGTERM, before SIGKILL. SIGINT comes first because only
 * SIGINT makes the engine end the commands it runs. On SIGTERM and SIGKILL it dies within 25 ms, and they keep running.
 * It has ended 50 ms after SIGINT, but needed 1.3 s with 36 processes on 2 cores.
 */
const graceMs = { SIGINT: 3000, SIGTERM: 1000 };

/** How an engine is started; `env` is its whole environment. */
export type ExecLaunch = Omit<Launch, 'cwd'>;

/** Lines of output: the texts of whole ones where nothing can be wrong with them, which saves a third of the time. */
export type NextLines = { texts: readonly string[] } | { lines: Iterable<Line> };

/** A running `codex exec`. */
export class ExecProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #end: Promise<EngineEnd>;
  readonly #output: OutputReader;
  readonly #stderr: Promise<string>;
  readonly #decoder = new LineDecoder({ malformed: malformedItem });
  #over = false;
  #killed: Promise<void> | undefined;

  private constructor(child: ChildProcessWithoutNullStreams, end: Promise<EngineEnd>) {
    this.child = child;
    this.#end = end;
    this.#output = new OutputReader(child.stdout, this.#end);
    this.#stderr = readStderr(child, this.#end);
    // A signal that cannot be sent was meant for a process that is gone. A prompt that the engine does not read breaks
    // the pipe; how the engine exited says why. Without a listener, either would end this program.
    for (const source of [child, child.stdin, child.stdout, child.stderr]) source.on('error', () => {});
    void this.#end.then(endWithHost(this));
  }

  /**
   * Starts the engine and passes it the prompt while its output can already be read.
   * @throws ExecLaunchError if it cannot be started
   */
  static async start({ command, args, env, detached }: ExecLaunch, prompt: string): Promise<ExecProcess> {
    try {
      const { spawn } = await import('node:child_process');
      const child = spawn(command, args, { env, detached, windowsHide: true });
      // Listened to at once: the stand-in that a program's tests put in its place may end before it has said that it runs.
      const end = new Promise<EngineEnd>((resolve) => {
        child.once('exit', (code, signal) => resolve({ code, signal }));
      });
      await spawned(child);
      const engine = new ExecProcess(child, end);
      child.stdin.end(prompt);
      return engine;
    } catch (error) {
      // An argument that no program can receive, such as one with a null byte.
      if (error instanceof TypeError) throw error;
      throw new ExecLaunchError(error as NodeJS.ErrnoException);
    }
  }

  /**
   * The next lines of output, as many as have arrived. Undefined at the end, or if the engine was killed.
   * @throws EventParseError while you iterate, at a line that is not UTF-8, too long,
   * or long and not JSON
   */
  async nextLines(): Promise<NextLines | undefined> {
    const chunk = await this.#output.next();
    if (chunk !== undefined) {
      const texts = this.#decoder.pushWhole(chunk);
      return texts ? { texts } : { lines: decoded(this.#decoder.pushAny(chunk)) };
    }
    if (this.#killed || this.#over) return undefined;
    this.#over = true;
    return { lines: decoded(this.#decoder.end()) };
  }

  /** How it exited, with the end of what it wrote to stderr. */
  async ended(): Promise<{ end: EngineEnd; stderr: string }> {
    return { end: await this.#end, stderr: await this.#stderr };
  }

  /** Stops it if it is still running, and releases its pipes. Never rejects. */
  close(): Promise<void> {
    this.#killed ??= this.#kill();
    return this.#killed;
  }

  async #kill(): Promise<void> {
    const { child } = this;
    this.#output.discard();
    // A process that has exited gets none of these: Node knows that it is gone.
    child.kill('SIGINT');
    const timers = [
      setTimeout(() => child.kill('SIGTERM'), graceMs.SIGINT),
      setTimeout(() => child.kill('SIGKILL'), graceMs.SIGINT + graceMs.SIGTERM),
    ];
    await this.#end;
    for (const timer of timers) clearTimeout(timer);
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
  }
}

function* decoded(lines: Iterable<Line>): Generator<Line, void, undefined> {
  try {
    yield* lines;
  } catch (cause) {
    if (cause instanceof EventParseError) throw cause;
    throw new EventParseError(`Failed to read a line of the engine's output: ${(cause as Error).message}`, { cause });
  }
}

/** Always read, so that the engine never waits for it; complete before an error quotes it. */
async function readStderr({ stderr }: ChildProcessWithoutNullStreams, engineEnded: Promise<unknown>): Promise<string> {
  const tail = new StderrTail();
  stderr.on('data', (chunk: Buffer) => tail.push(chunk));
  const closed = new Promise((resolve) => stderr.once('close', resolve));
  await engineEnded;
  const cancel = afterQuiet(
    pipeGraceMs,
    () => 0,
    () => stderr.destroy(),
  );
  await closed;
  cancel();
  return tail.text;
}
