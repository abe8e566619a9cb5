import path from 'node:path';
import { execa } from 'execa';
import { expectedGot } from '../../../../native/expected-got.mjs';
import { endGroup } from '../../end-group.ts';

export interface TestFile {
  /** Relative to the repository with `/`. */
  file: string;
  kind: 'unit' | 'process';
}

/** What a run of tests showed. */
export interface TestsDone {
  /** How many files passed, if all did. */
  passed?: number;
  /** The first test that failed; `test` is empty if the file itself did. */
  failed?: { file: string; test: string; why: string };
  /** It did not end in time, and was ended. */
  late?: boolean;
  /** The runner itself failed. */
  broken?: string;
  durationMs: number;
}

/** What instrumented sources read when they are loaded (`switch-module.ts`). */
export interface TestSwitch {
  mutant?: string;
  /** Write the ids of what is reached to this file. */
  reached?: string;
}

export interface RunLimits {
  testMs: number;
  allMs: number;
}

const program = 'harness/proofs/mutation/tests/test-runner.mjs';

const start = (tree: string, signal: AbortSignal) => {
  const outer = Object.fromEntries(
    Object.keys(process.env).flatMap((key) => (/^VITEST/.test(key) ? [[key, undefined]] : [])),
  );
  return execa(process.execPath, [program], {
    cwd: tree,
    env: { ...outer, NODE_ENV: 'test' },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    ipc: true,
    reject: false,
    // A mutant may leave anything running, so the whole group is ended.
    detached: process.platform !== 'win32',
    cancelSignal: signal,
  });
};

/** Vitest in a tree with mutants, kept loaded from run to run. It is restarted if a run has left something in it. */
export class TestProcess {
  readonly #tree: string;
  readonly #order: string;
  readonly #signal: AbortSignal;
  #running: { child: ReturnType<typeof start>; ready: Promise<unknown> } | undefined;
  #listed: readonly string[] | undefined;

  /** @param order the file from which the tree's sources read which mutant is on */
  constructor(tree: string, order: string, signal: AbortSignal) {
    this.#tree = tree;
    this.#order = order;
    this.#signal = signal;
  }

  /** Test files below these places. */
  async list(places: readonly string[]): Promise<TestFile[]> {
    this.#listed = places;
    const { list } = (await this.#ask({ list: places }, undefined)) as { list?: TestFile[] };
    if (list === undefined) throw new Error(expectedGot('listing the tests', 'their files', 'none'));
    return list;
  }

  /**
   * Runs these files in their order until one fails. Rejects only with the signal's reason.
   * @param limits for a test that says nothing else, and for all of them
   */
  async run(files: readonly string[], on: TestSwitch, limits: RunLimits): Promise<TestsDone> {
    if (this.#running === undefined && this.#listed !== undefined) await this.list(this.#listed);
    const done = (await this.#ask(
      { files, order: this.#order, switch: on, testMs: limits.testMs },
      limits.allMs,
    )) as TestsDone;
    if (done.late || done.broken !== undefined || done.failed?.file.endsWith('.process.test.ts')) await this.close();
    return done;
  }

  /** Ends it and all that it started. */
  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    endGroup(running.child);
    await running.child;
  }

  async #ask(message: object, limitMs: number | undefined): Promise<object> {
    this.#signal.throwIfAborted();
    const { child, ready } = this.#living();
    await ready;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<TestsDone>((resolve) => {
      if (limitMs !== undefined) timer = setTimeout(resolve, limitMs, { late: true, durationMs: limitMs });
    });
    let onMessage: (answer: unknown) => void = () => undefined;
    const answer = new Promise<object>((resolve) => {
      onMessage = resolve as (answer: unknown) => void;
      child.once('message', onMessage);
    });
    const dead = child.then(({ exitCode, signal, stderr }) => ({
      broken: `the test runner ended with ${signal ?? exitCode}: ${stderr?.slice(-1000)}`,
      durationMs: 0,
    }));
    // The result shows whether it could be sent.
    child.send(message as never, () => undefined);
    const done = await Promise.race([answer, late, dead]);
    clearTimeout(timer);
    child.off('message', onMessage);
    if (this.#signal.aborted) await this.close();
    this.#signal.throwIfAborted();
    return done;
  }

  #living() {
    if (this.#running !== undefined) return this.#running;
    const child = start(this.#tree, this.#signal);
    const ready = new Promise((resolve) => child.once('message', resolve).once('exit', resolve));
    this.#running = { child, ready };
    return this.#running;
  }
}

export const orderFile = (tree: string): string => path.join(tree, 'dist', 'mutant.json');
