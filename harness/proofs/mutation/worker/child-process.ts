import * as real from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { FakeProcess } from './fake-process.ts';

// Whatever else is asked of it starts a process, as `exec --help` does.
export * from 'node:child_process';

/** How the SDK asks for a process. */
interface SpawnOptions {
  cwd?: string | undefined;
  env?: NodeJS.ProcessEnv;
  stdio?: real.StdioOptions;
}

const known: ReadonlySet<unknown> = new Set(['pipe', 'ignore', 'inherit']);

/**
 * Replaces `spawn` of `node:child_process` in the mutated SDK. A cell's launcher of the fake engine runs within this
 * process, which takes a millisecond instead of a tenth of a second; every other program is started.
 */
export function spawn(command: string, args: readonly string[], options: SpawnOptions): object {
  const root = path.dirname(command);
  const isFake = path.basename(command) === 'codex' && existsSync(command) && existsSync(path.join(root, 'fake.json'));
  const isThere = options.cwd === undefined || existsSync(options.cwd);
  const { stdio = 'pipe' } = options;
  const isKnown = stdio === 'pipe' || (Array.isArray(stdio) && stdio.every((mode) => known.has(mode)));
  // What cannot be started fails in the same way as with Node and the system.
  if (!isFake || !isThere || !isKnown || args.some((word) => word.includes('\0'))) {
    return real.spawn(command, args, options as real.SpawnOptions);
  }
  return new InProcessChild(root, args, options);
}

/** What `spawn` returns for an engine within this process. */
class InProcessChild extends EventEmitter {
  readonly pid: number;
  readonly stdin: FakeProcess['stdin']['input'] | null;
  readonly stdout: FakeProcess['stdout']['output'] | null;
  readonly stderr: FakeProcess['stderr']['output'] | null;
  readonly stdio: readonly unknown[];
  exitCode: number | null = null;
  signalCode: NodeJS.Signals | null = null;
  killed = false;
  readonly #fake: FakeProcess;

  constructor(root: string, args: readonly string[], { env = process.env, cwd = process.cwd(), stdio }: SpawnOptions) {
    super();
    const fake = new FakeProcess(root, args, env, cwd, (code, signal) => this.#ended(code, signal));
    this.#fake = fake;
    this.pid = fake.pid;
    const modes = Array.isArray(stdio) ? stdio : ['pipe', 'pipe', 'pipe'];
    this.stdin = modes[0] === 'pipe' ? fake.stdin.input : null;
    if (this.stdin === null) fake.stdin.finish();
    this.stdout = modes[1] === 'pipe' ? fake.stdout.output : null;
    this.stderr = modes[2] === 'pipe' ? fake.stderr.output : null;
    this.stdio = [this.stdin, this.stdout, this.stderr];
    setImmediate(() => this.emit('spawn'));
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): boolean {
    const sent = this.#fake.signal(signal);
    if (sent) this.killed = true;
    return sent;
  }

  ref(): void {}

  unref(): void {}

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    // Later, as the system would report it: a process that exits while it starts has still been started.
    setImmediate(() =>
      setImmediate(() => {
        this.exitCode = code;
        this.signalCode = signal;
        this.stdin?.destroy();
        this.emit('exit', code, signal);
        const open = [this.stdout, this.stderr].filter((stream) => stream !== null && !stream.closed);
        let left = open.length;
        const closed = () => left-- <= 1 && this.emit('close', code, signal);
        if (left === 0) closed();
        for (const stream of open) stream?.once('close', closed);
      }),
    );
  }
}
