import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { compileFunction } from 'node:vm';
import { expectedGot } from '../../../../native/expected-got.mjs';

type Program = (
  process: object,
  require: (name: string) => unknown,
  module: { exports: object },
  exports: object,
) => void;

/** Above every process id that a system uses. */
let nextPid = 5_000_000;
const running = new Map<number, FakeProcess>();
let program: Program | undefined;

/** Loads the fake engine's program, as `bundleFake` makes it. */
export function loadFake(file: string): void {
  const text = fs.readFileSync(file, 'utf8');
  program = compileFunction(text, ['process', 'require', 'module', 'exports'], { filename: file }) as Program;
}

export const runningFake = (pid: number): FakeProcess | undefined => running.get(pid);

/** From now on `process.kill` reaches these engines too, by the ids that they were given. */
export function killFakesToo(): void {
  const realKill = process.kill.bind(process);
  process.kill = (pid, signal) => {
    const fake = runningFake(pid);
    if (fake === undefined) return realKill(pid, signal);
    if (signal !== 0) fake.signal((signal ?? 'SIGTERM') as NodeJS.Signals);
    return true;
  };
}

/** Running engines of a cell. */
export const fakesOf = (root: string): FakeProcess[] => [...running.values()].filter((one) => one.root === root);

const ownRequire = createRequire(import.meta.url);

/** A start of the fake engine within this process: what it would have as a process of its own, and how it exits. */
export class FakeProcess {
  readonly pid: number;
  readonly root: string;
  readonly argv: string[];
  readonly stdin: Pipe = pipe({ later: true });
  readonly stdout: Pipe = pipe({ unbounded: true });
  readonly stderr: Pipe = pipe({ unbounded: true });
  readonly gone: Promise<void>;
  readonly #onEnd: (code: number | null, signal: NodeJS.Signals | null) => void;
  readonly #signals = new EventEmitter();
  #tellGone: () => void = () => undefined;
  #over = false;

  constructor(
    root: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    cwd: string,
    onEnd: (code: number | null, signal: NodeJS.Signals | null) => void,
  ) {
    this.pid = nextPid++;
    this.root = root;
    this.argv = [process.execPath, path.join(root, 'codex'), '--replay-options', path.join(root, 'fake.json'), ...args];
    this.#onEnd = onEnd;
    this.gone = new Promise((resolve) => {
      this.#tellGone = resolve;
    });
    running.set(this.pid, this);
    this.#start(env, cwd);
  }

  /**
   * Delivers a signal like the system. Returns false if the process is gone. The program receives it later: otherwise a
   * client that answers a line with a signal would be heard before the program knows that the line is written.
   */
  signal(name: NodeJS.Signals): boolean {
    if (this.#over) return false;
    if (name === 'SIGKILL') this.end(null, name);
    else
      setImmediate(() => {
        if (!this.#over && !this.#signals.emit(name)) this.end(null, name);
      });
    return true;
  }

  end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#over) return;
    this.#over = true;
    running.delete(this.pid);
    this.stdin.breakOff();
    this.stdout.finish();
    this.stderr.finish();
    this.#tellGone();
    this.#onEnd(code, signal);
  }

  #start(env: NodeJS.ProcessEnv, cwd: string): void {
    if (program === undefined)
      throw new Error(expectedGot('starting the fake engine', 'loadFake to be called first', 'no fake'));
    const module = { exports: {} };
    program(this.#process(env, cwd), (name) => this.#require(name), module, module.exports);
  }

  /** What the program sees as `process`. */
  #process(env: NodeJS.ProcessEnv, cwd: string): object {
    return {
      argv: this.argv,
      env: { ...env },
      cwd: () => cwd,
      pid: this.pid,
      ppid: process.pid,
      platform: process.platform,
      arch: process.arch,
      execPath: process.execPath,
      version: process.version,
      versions: process.versions,
      hrtime: process.hrtime,
      umask: process.umask.bind(process),
      stdin: this.stdin.output,
      stdout: this.stdout.input,
      stderr: this.stderr.input,
      on: (name: string, listener: () => void) => this.#signals.on(name, listener),
      once: (name: string, listener: () => void) => this.#signals.once(name, listener),
      removeAllListeners: (name: string) => this.#signals.removeAllListeners(name),
      // Unlike the real one it returns, but nothing that the program does afterwards is heard.
      exit: (code: number) => this.end(code, null),
      kill: (_pid: number, name: NodeJS.Signals | null) => this.end(null, name),
    };
  }

  /** Node's modules, with descriptors of standard streams and a log that end with this process. */
  #require(name: string): unknown {
    const found: unknown = ownRequire(name);
    if (name !== 'node:fs') return found;
    return {
      ...fs,
      writeSync: (fd: number, bytes: Uint8Array, at: number) =>
        this.#over ? bytes.length - at : fs.writeSync(fd, bytes, at),
      closeSync: (fd: number) => {
        if (fd === 0) this.stdin.breakOff();
        else if (fd === 1) this.stdout.finish();
        else fs.closeSync(fd);
      },
    };
  }
}

/** As much as a Linux pipe holds. */
const capacity = 65_536;

interface Pipe {
  readonly input: Writable;
  readonly output: Readable;
  /** The reading end is closed: writing fails from now on, as on a broken pipe. */
  breakOff(): void;
  /** Resolves once it is. */
  readonly broken: Promise<void>;
  /** The writing end is closed: the reader reaches the end of what was written. */
  finish(): void;
}

/**
 * A pipe within this process.
 * @param options `unbounded`: its writer never waits. `later`: what is written arrives with the next turn of the event loop. A program that writes two
 * lines has written both by then; otherwise a client that answers the first would be heard before the second is written, and never is elsewhere.
 */
export function pipe({ unbounded = false, later = false } = {}): Pipe {
  let broken = false;
  let tellBroken: () => void = () => undefined;
  const toldBroken = new Promise<void>((resolve) => {
    tellBroken = resolve;
  });
  let finished = false;
  let waiting: ((error?: Error) => void) | undefined;
  const go = (error?: Error) => {
    const then = waiting;
    waiting = undefined;
    then?.(error);
  };
  const epipe = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE', errno: -32, syscall: 'write' });
  const output = new Readable({
    highWaterMark: capacity,
    read: () => go(),
    destroy(error, done) {
      breakOff();
      done(error);
    },
  });
  const finish = () => {
    if (finished || broken) return;
    finished = true;
    output.push(null);
  };
  const input = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      const arrive = () => {
        if (broken) return done(epipe());
        if (finished) return done();
        const room = chunk.length === 0 || output.push(Buffer.from(chunk));
        if (room || unbounded) done();
        else waiting = done;
      };
      if (later) setImmediate(arrive);
      else arrive();
    },
    final(done) {
      finish();
      done();
    },
    destroy(error, done) {
      finish();
      done(error);
    },
  });
  function breakOff(): void {
    broken = true;
    tellBroken();
    go(epipe());
  }
  return { input, output, breakOff, broken: toldBroken, finish };
}
