import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { CodexError } from '../errors/codex-error.ts';
import { EngineExitError, exitText, LaunchError, TransportClosedError } from '../errors/connection-errors.ts';
import { clearTimeout, setTimeout } from '../host/real-timers.ts';
import { afterQuiet } from './after-quiet.ts';
import { EngineProcesses } from './engine-processes.ts';
import { isSocket, type Launch, launchHint, spawned } from './launch.ts';
import { type Line, LineDecoder } from './line-codec.ts';
import { endWithHost } from './live-processes.ts';
import { StderrTail } from './stderr-tail.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** How long the engine has between SIGTERM and SIGKILL, in milliseconds; as in Python. */
const exitGraceMs = 2000;
/** How long the pipes may stay open after the process, or stderr after stdout: a grandchild can hold them forever. */
const pipeGraceMs = 500;

/** Talks to an engine that it starts, over the process's stdin and stdout. */
export class StdioTransport implements Transport {
  readonly #launch: Launch;
  readonly #keepDescendants: boolean;
  /** What the engine starts. */
  readonly processes = new EngineProcesses();
  readonly #decoder = new LineDecoder();
  readonly #stderr = new StderrTail();
  #child: ChildProcessWithoutNullStreams | undefined;
  #events: TransportEvents | undefined;
  #bytesRead = 0;
  #exited = Promise.resolve();
  #streamsClosed = Promise.resolve();
  #closing: Promise<void> | undefined;

  /** @param keepDescendants `close()` leaves what the engine has started and has not ended itself */
  constructor(launch: Launch, keepDescendants = false) {
    this.#launch = launch;
    this.#keepDescendants = keepDescendants;
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  async open(events: TransportEvents): Promise<void> {
    const child = await this.#spawn();
    if (this.#closing) {
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      throw new TransportClosedError('Codex process is not running', { action: 'starting the Codex process' });
    }
    this.#child = child;
    this.#events = events;
    const takeOffList = endWithHost({ child, close: () => this.close() });
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    this.#streamsClosed = this.#watchStreams(child);
    void this.#exited.then(() => {
      takeOffList();
      const cancel = afterQuiet(
        pipeGraceMs,
        () => (this.#closing ? 0 : this.#bytesRead),
        () => this.#destroyPipes(),
      );
      void this.#streamsClosed.then(cancel);
    });
    child.stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    child.stdout.on('data', (chunk: Buffer) => {
      this.#bytesRead += chunk.length;
      this.#deliver(() => this.#decoder.pushWhole(chunk) ?? this.#decoder.pushAny(chunk));
    });
    child.stdout.once('close', () => void this.#onStdoutClosed(child));
    // An engine that no longer reads cannot be asked anything, although it may still be writing: wait a moment for its
    // last words.
    child.stdin.once('error', () => {
      const cancel = afterQuiet(
        pipeGraceMs,
        () => 0,
        () => this.#finish(this.#closedError('stdin')),
      );
      void this.#streamsClosed.then(cancel);
    });
    // A pipe that breaks also closes, which is what matters; without a listener, its error would end the host.
    for (const pipe of child.stdio) pipe?.on('error', () => {});
  }

  send(line: string): void {
    this.#child?.stdin.write(`${line}\n`);
  }

  get unsent(): number {
    return this.#child?.stdin.writableLength ?? 0;
  }

  setKeepsAlive(keeps: boolean): void {
    const child = this.#child;
    // If it is already closing, wait for that.
    if (!child || (this.#closing && !keeps)) return;
    const act = keeps ? 'ref' : 'unref';
    child[act]();
    // A socket that is gone would store each call, in case it connects again.
    for (const pipe of [child.stdin, child.stdout, child.stderr]) if (isSocket(pipe) && !pipe.destroyed) pipe[act]();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.setKeepsAlive(true);
    if (!this.#keepDescendants) await this.processes.note(this.pid);
    child.stdin.end();
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), exitGraceMs);
    await this.#exited;
    clearTimeout(timer);
    await this.#streamsClosed;
    if (!this.#keepDescendants) await this.processes.endAll();
    this.#finish(this.#closedError('stdout'));
  }

  async #spawn(): Promise<ChildProcessWithoutNullStreams> {
    const { command, args, cwd, env, detached, check } = this.#launch;
    if (check) await check();
    try {
      // Not before it is needed: it is a quarter of what loading this package takes.
      const { spawn } = await import('node:child_process');
      const child = spawn(command, args, {
        cwd,
        env: this.processes.marked(env),
        detached,
        stdio: 'pipe',
        windowsHide: true,
      });
      await spawned(child);
      child.on('error', () => {});
      return child;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LaunchError(`could not start the Codex process ${command}: ${reason}${launchHint(this.#launch)}`, {
        cause,
      });
    }
  }

  async #watchStreams(child: ChildProcessWithoutNullStreams): Promise<void> {
    await Promise.all(
      [child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream.once('close', resolve))),
    );
  }

  /** Passes on lines. A line that cannot be decoded ends the connection, because nothing after it is in step. */
  #deliver(lines: () => Iterable<Line | string>): void {
    if (!this.#events) return;
    try {
      for (const line of lines())
        this.#events?.onLine(typeof line === 'string' ? { text: line, terminated: true } : line);
    } catch (cause) {
      this.#finish(
        cause instanceof CodexError
          ? cause
          : new CodexError('reading from the Codex process failed', { cause, kind: 'protocol' }),
      );
    }
  }

  /** The engine has written its last word. Its stderr may still be on the way, and the error must quote all of it. */
  async #onStdoutClosed(child: ChildProcessWithoutNullStreams): Promise<void> {
    this.#deliver(() => this.#decoder.end());
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = afterQuiet(pipeGraceMs, () => 0, resolve);
    });
    void late.then(() => child.stderr.destroy());
    await this.#streamsClosed;
    // The error reports how it ended; an engine that has only closed its stdout has not exited.
    await Promise.race([this.#exited, late]);
    cancel();
    // What waits is told at the end of `close()`: a promise that fails earlier, which the program looks at after
    // `await close()`, would end the program.
    if (!this.#closing) this.#finish(this.#closedError('stdout'));
  }

  #closedError(stream: 'stdin' | 'stdout'): TransportClosedError {
    const message = `Codex process closed ${stream}. stderr_tail=${this.#stderr.quote}`;
    const { exitCode = null, signalCode: signal = null } = this.#child ?? {};
    // After `close()`, the way it ended is a result of the closing.
    if (this.#closing || (exitCode === null && signal === null)) return new TransportClosedError(message);
    const exit = { exitCode, signal, stderrTail: this.#stderr.lines.join('\n') };
    return new EngineExitError(exitText(exit), exit);
  }

  /** Reports to the connection, once, and leaves nothing of the process alive. */
  #finish(cause: Error): void {
    const events = this.#events;
    this.#events = undefined;
    events?.onClosed(cause);
    if (events) void this.close();
  }

  #destroyPipes(): void {
    this.#child?.stdout.destroy();
    this.#child?.stderr.destroy();
  }
}
