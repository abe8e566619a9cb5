import { expectedGot } from '../../../native/expected-got.mjs';
import type { JsonObject } from '../../../testing/json/json.ts';
import type { Step, Steps } from '../../scenario/types.ts';
import type { Control } from './control.ts';
import { before, DeadlineReached, DriverFailure, StepHang } from './failures.ts';
import { referencedNames, splitName } from './names.ts';
import type { Performing } from './performing.ts';
import { Task } from './task.ts';

const main = 'main';

/** Performs the steps of one scenario with any client. */
export class Interpreter {
  /** Every call that was started. */
  readonly tasks: Task[] = [];
  readonly #performing: Performing;
  readonly #names: Map<string, unknown>;
  readonly #control: Control;
  readonly #deadlineMs: number;
  readonly #background = new Map<string, Task>();
  #cancelled = new Set<string>();
  #step = 0;

  constructor(performing: Performing, names: Map<string, unknown>, control: Control, deadlineMs: number) {
    this.#performing = performing;
    this.#names = names;
    this.#control = control;
    this.#deadlineMs = deadlineMs;
  }

  /**
   * Performs all steps, in order. Rejects with StepHang if one does not end in time, with DriverFailure if this driver
   * cannot perform it.
   */
  async perform(steps: Step[]): Promise<void> {
    this.#cancelled = new Set(steps.flatMap((step) => ('cancel' in step ? [step.cancel] : [])));
    for (const [index, step] of steps.entries()) {
      this.#step = index;
      await this.#perform(step);
    }
  }

  /** Runs a body in the foreground, up to the deadline. */
  async foreground(body: (task: Task) => Promise<void>, lane: string, op: string, step: number, ms: number) {
    const task = this.#begin(body);
    await this.#inTime(task.over, lane, op, step, ms);
  }

  async #perform(step: Step): Promise<void> {
    const verb = Object.keys(this.#verbs).find((key) => key in step);
    if (verb === undefined) {
      const doing = `performing step ${this.#step}`;
      throw new DriverFailure(expectedGot(doing, 'a verb that this driver knows', JSON.stringify(step)));
    }
    await (this.#verbs[verb as keyof Steps] as (step: Step) => Promise<void> | void)(step);
  }

  /** A verb of scenarios that is missing here does not compile. */
  readonly #verbs: { [Verb in keyof Steps]: (step: Steps[Verb]) => Promise<void> | void } = {
    call: (step) => this.#call(step),
    start: (step) => this.#start(step),
    next: ({ next: name }) => this.#onBound(name, `${name}.next`, this.#performing.next(name, main)),
    close: ({ close: name }) => this.#onBound(name, `${name}.close`, this.#performing.close(name, main)),
    await: (step) => this.#await(step),
    join: ({ join: name }) => this.#join(name, `${name}.join`),
    cancel: ({ cancel: name }) => {
      this.#background.get(name)?.cancel();
      return this.#join(name, `${name}.cancel`);
    },
    drop: async ({ drop: name }) => {
      if (this.#names.delete(name)) await collectGarbage();
    },
    'await-model': ({ 'await-model': n }) => this.#ask('await-model', 'GET', '/model/requests', { atLeast: String(n) }),
    'await-wire': ({ 'await-wire': method, match = {}, times = 1 }) =>
      this.#ask('await-wire', 'GET', '/wire', { method, match: JSON.stringify(match), times: String(times) }),
    'await-exit': () => this.#ask('await-exit', 'GET', '/engine/gone'),
    release: ({ release: latch }) => this.#ask('release', 'POST', `/latch/${encodeURIComponent(latch)}/release`),
    kill: ({ signal = 'SIGKILL' }) => this.#ask('kill', 'POST', '/kill', { signal }),
    check: ({ check: { file } }) => this.#ask('check', 'POST', '/check', { file }),
  };

  async #call({ call: op, as: name, with: args = {}, expect }: Steps['call']): Promise<void> {
    if (!this.#isBound(op, args)) return;
    const lane = name ?? main;
    const body = this.#performing.call({
      op,
      lane,
      args,
      bind: name,
      background: false,
      cancelled: false,
      fails: expect === 'error',
    });
    await this.foreground(body, lane, op, this.#step, this.#deadlineMs);
  }

  #start({ start: op, as: name, with: args = {} }: Steps['start']): void {
    if (!this.#isBound(op, args)) return;
    const cancelled = this.#cancelled.has(name);
    const body = this.#performing.call({ op, lane: name, args, bind: name, background: true, cancelled, fails: false });
    this.#background.set(name, this.#begin(body));
  }

  async #onBound(name: string, op: string, body: (task: Task) => Promise<void>): Promise<void> {
    if (this.#isBound(name)) await this.foreground(body, main, op, this.#step, this.#deadlineMs);
  }

  async #await({ await: name, match, times = 1 }: Steps['await']): Promise<void> {
    const task = this.#background.get(name);
    if (!task) return;
    const op = `${name}.await`;
    // A stream that ended with too few matches can never finish this step: report it at once, not at the deadline.
    if (await this.#inTime(task.matched(match, times), main, op, this.#step, this.#deadlineMs)) return;
    await task.over;
    throw new StepHang(main, op, this.#step);
  }

  async #join(name: string, op: string): Promise<void> {
    const task = this.#background.get(name);
    if (task) await this.#inTime(task.over, main, op, this.#step, this.#deadlineMs);
  }

  /** Asks the cell's control server and waits for its answer. */
  async #ask(verb: keyof Steps, method: string, path: string, query: Record<string, string> = {}): Promise<void> {
    const ended = new AbortController();
    try {
      const answer = this.#control.ask(method, path, query, ended.signal);
      await this.#inTime(answer, main, `control.${verb}`, this.#step, this.#deadlineMs);
    } finally {
      ended.abort();
    }
  }

  #isBound(op: string, args: JsonObject = {}): boolean {
    return [splitName(op).name, ...referencedNames(args)].every((name) => this.#names.has(name));
  }

  #begin(body: (task: Task) => Promise<void>): Task {
    const task = new Task(body);
    this.tasks.push(task);
    return task;
  }

  async #inTime<T>(promise: Promise<T>, lane: string, op: string, step: number, ms: number): Promise<T> {
    try {
      return await before(promise, ms);
    } catch (error) {
      if (error instanceof DeadlineReached) throw new StepHang(lane, op, step);
      throw error;
    }
  }
}

const gcTurns = 5;

/**
 * Runs the garbage collector and the finalisers it wakes (`FinalizationRegistry`). Collection and finalisers each need
 * turns of the event loop. Rejects with DriverFailure if Node was started without `--expose-gc`.
 */
async function collectGarbage(): Promise<void> {
  if (!globalThis.gc) throw new DriverFailure('drop: this driver was started without --expose-gc');
  for (let turn = 0; turn < gcTurns; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
  }
  await new Promise((resolve) => setImmediate(resolve));
}
