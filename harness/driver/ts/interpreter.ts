import type { JsonObject } from '../../../testing/json/json.ts';
import type { AwaitStep, CallStep, StartStep, Step } from '../../scenario/types.ts';
import type { Control } from './control.ts';
import { before, DeadlineReached } from './deadline.ts';
import { DriverFailure, StepHang } from './failures.ts';
import { collectGarbage } from './garbage.ts';
import { referencedNames, splitName } from './names.ts';
import type { Performing } from './performing.ts';
import { Task } from './task.ts';

const main = 'main';

/** Performs the steps of one scenario with any client. */
export class Interpreter {
  /** Every call that was begun. */
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

  /** All steps, in order. Rejects with StepHang where one is not over in time, with DriverFailure where this driver cannot. */
  async perform(steps: Step[]): Promise<void> {
    this.#cancelled = new Set(steps.flatMap((step) => ('cancel' in step ? [step.cancel] : [])));
    for (const [index, step] of steps.entries()) {
      this.#step = index;
      await this.#perform(step);
    }
  }

  /** A body in the foreground, up to the deadline. */
  async foreground(body: (task: Task) => Promise<void>, lane: string, op: string, step: number, ms: number) {
    const task = this.#begin(body);
    await this.#inTime(task.over, lane, op, step, ms);
  }

  async #perform(step: Step): Promise<void> {
    if ('call' in step) return this.#call(step);
    if ('start' in step) return this.#start(step);
    if ('next' in step) return this.#onBound(step.next, `${step.next}.next`, this.#performing.next(step.next, main));
    if ('close' in step)
      return this.#onBound(step.close, `${step.close}.close`, this.#performing.close(step.close, main));
    if ('await' in step) return this.#await(step);
    if ('join' in step) return this.#join(step.join, `${step.join}.join`);
    if ('cancel' in step) {
      this.#background.get(step.cancel)?.cancel();
      return this.#join(step.cancel, `${step.cancel}.cancel`);
    }
    if ('drop' in step) return void (this.#names.delete(step.drop) && (await collectGarbage()));
    if ('await-model' in step) {
      return this.#controlled('await-model', (signal) => this.#control.awaitModel(step['await-model'], signal));
    }
    if ('await-wire' in step) {
      const { 'await-wire': method, match = {}, times = 1 } = step;
      return this.#controlled('await-wire', (signal) => this.#control.awaitWire(method, match, times, signal));
    }
    if ('await-exit' in step) return this.#controlled('await-exit', (signal) => this.#control.awaitExit(signal));
    if ('release' in step) return this.#controlled('release', (signal) => this.#control.release(step.release, signal));
    if ('kill' in step) {
      return this.#controlled('kill', (signal) => this.#control.kill(step.signal ?? 'SIGKILL', signal));
    }
    if ('check' in step) return this.#controlled('check', (signal) => this.#control.checkFile(step.check.file, signal));
    throw new DriverFailure(`step ${this.#step} has no verb that this driver knows: ${JSON.stringify(step)}`);
  }

  async #call({ call: op, as: name, with: args = {}, expect }: CallStep): Promise<void> {
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

  #start({ start: op, as: name, with: args = {} }: StartStep): void {
    if (!this.#isBound(op, args)) return;
    const cancelled = this.#cancelled.has(name);
    const body = this.#performing.call({ op, lane: name, args, bind: name, background: true, cancelled, fails: false });
    this.#background.set(name, this.#begin(body));
  }

  async #onBound(name: string, op: string, body: (task: Task) => Promise<void>): Promise<void> {
    if (this.#isBound(name)) await this.foreground(body, main, op, this.#step, this.#deadlineMs);
  }

  async #await({ await: name, match, times = 1 }: AwaitStep): Promise<void> {
    const task = this.#background.get(name);
    if (!task) return;
    const op = `${name}.await`;
    // A stream that ended with too few matches can never make this step be over: said at once, not at the deadline.
    if (await this.#inTime(task.matched(match, times), main, op, this.#step, this.#deadlineMs)) return;
    await task.over;
    throw new StepHang(main, op, this.#step);
  }

  async #join(name: string, op: string): Promise<void> {
    const task = this.#background.get(name);
    if (task) await this.#inTime(task.over, main, op, this.#step, this.#deadlineMs);
  }

  async #controlled(verb: string, send: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const ended = new AbortController();
    try {
      await this.#inTime(send(ended.signal), main, `control.${verb}`, this.#step, this.#deadlineMs);
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
