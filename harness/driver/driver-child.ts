import { execa } from 'execa';
import { writeJson } from '../../testing/json/write-json.ts';
import type { ToDriver } from './protocol.ts';
import { LineSplitter } from './split-lines.ts';

/** How to start a driver: `file` with `args`, no shell. */
export interface DriverCommand {
  client: string;
  /** The client is not known yet: its hello names it, and `client` only stands in messages. */
  unnamed?: boolean;
  file: string;
  args: string[];
}

export interface DriverChildEvents {
  /** A line of stdout. */
  line(line: string): void;
  /** The process is gone and its output has been read. `how` is the exit code or signal, or why it did not start. */
  gone(how: string): void;
}

const stderrTailBytes = 16_384;
const outputGraceMs = 2_000;

function spawn({ file, args }: DriverCommand, env: Record<string, string>, cwd: string) {
  return execa(file, args, {
    env,
    cwd,
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    encoding: 'buffer',
    reject: false,
    cleanup: true,
  });
}

/** One process of a driver: lines out, messages in, and an end that is reported exactly once. */
export class DriverChild {
  readonly #process: ReturnType<typeof spawn>;
  readonly #gone: Promise<void>;
  readonly #splitter = new LineSplitter();
  #stderr = '';

  constructor(command: DriverCommand, env: Record<string, string>, cwd: string | undefined, events: DriverChildEvents) {
    const spawned = spawn(command, env, cwd ?? process.cwd());
    this.#process = spawned;
    // An engine that outlives its driver, and holds the driver's stderr, must not keep us waiting for that to close.
    spawned.once('exit', () => {
      const timer = setTimeout(() => {
        spawned.stdout.destroy();
        spawned.stderr.destroy();
      }, outputGraceMs);
      void this.#gone.then(() => clearTimeout(timer));
    });
    spawned.stdout.on('data', (chunk: Buffer) => {
      for (const line of this.#splitter.push(chunk)) events.line(line);
    });
    spawned.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-stderrTailBytes);
    });
    // Writing to a driver that is gone fails; its end is what gets reported.
    spawned.stdin.on('error', () => undefined);
    this.#gone = spawned.then((result) => {
      const rest = this.#splitter.end();
      if (rest !== '') events.line(rest);
      events.gone(howItEnded(result));
    });
  }

  send(message: ToDriver): void {
    this.#process.stdin.write(`${writeJson(message)}\n`);
  }

  /** What it has written to stdout since its last line feed. */
  get unfinished(): string {
    return this.#splitter.rest;
  }

  /** The end of what it wrote to stderr. */
  get stderrTail(): string {
    return this.#stderr.trimEnd();
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Sends `exit`, closes stdin, and kills the process after `graceMs`. Resolves once it is gone. */
  async end(graceMs: number): Promise<void> {
    this.send({ type: 'exit' });
    this.#process.stdin.end();
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.#gone;
    clearTimeout(timer);
  }

  /** Resolves once the process is gone. */
  get gone(): Promise<void> {
    return this.#gone;
  }
}

interface Ended {
  exitCode?: number | undefined;
  signal?: string | undefined;
  originalMessage?: string | undefined;
}

function howItEnded({ exitCode, signal, originalMessage }: Ended): string {
  if (signal !== undefined) return `was ended by ${signal}`;
  if (exitCode !== undefined) return `exited with code ${exitCode}`;
  return `could not be started: ${originalMessage ?? 'no reason given'}`;
}
