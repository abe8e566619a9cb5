import type { JsonObject } from '../../../testing/json/json.ts';
import type { ClientAdapter } from './adapter.ts';
import { DriverFailure } from './failures.ts';
import { splitName } from './names.ts';
import type { Observer } from './observer.ts';
import type { Task } from './task.ts';
import { buildArguments } from './values.ts';

type Body = (task: Task) => Promise<void>;

/** What the scenario says about a call. */
export interface CallPlan {
  op: string;
  lane: string;
  args: JsonObject;
  /** The name that the result gets. */
  bind: string | undefined;
  /** In the background, a stream is consumed instead of being observed as a result. */
  background: boolean;
  /** Whether a step cancels it: the call then gets the task's signal. */
  cancelled: boolean;
  /** Whether it should fail: its name is then bound to the error, whose attributes later steps may read. */
  fails: boolean;
}

/** What steps do to the client: observe the call, perform it, observe the outcome. */
export class Performing {
  readonly #adapter: ClientAdapter;
  readonly #observer: Observer;
  readonly #names: Map<string, unknown>;
  readonly #workspace: string;

  constructor(adapter: ClientAdapter, observer: Observer, names: Map<string, unknown>, workspace: string) {
    this.#adapter = adapter;
    this.#observer = observer;
    this.#names = names;
    this.#workspace = workspace;
  }

  /** A call, or an attribute. */
  call(plan: CallPlan): Body {
    const { op, lane, args, bind } = plan;
    const { name, path } = splitName(op);
    const operation = path.at(-1);
    const root = this.#names.get(name);
    return async (task) => {
      this.#observer.call(lane, op, args);
      let owner: unknown;
      let value: unknown;
      try {
        owner = path.slice(0, -1).reduce((parent, part) => this.#adapter.attribute(parent, part), root);
        const context = { adapter: this.#adapter, names: this.#names, workspace: this.#workspace };
        const signal = plan.cancelled ? task.signal : undefined;
        value =
          operation === undefined
            ? root
            : await this.#adapter.call(owner, operation, buildArguments(args, context), signal);
      } catch (error) {
        if (plan.fails && bind !== undefined) this.#names.set(bind, error);
        return this.#observeError(lane, op, error);
      }
      if (bind !== undefined) this.#names.set(bind, value);
      if (plan.background && this.#adapter.isStream(value)) {
        while (await this.#pull(value, op, lane, task)) {
          // Each event has been observed by #pull.
        }
      } else this.#observer.result(lane, op, this.#adapter.result(value, owner, operation));
    };
  }

  /** One event of a stream. */
  next(name: string, lane: string): Body {
    const stream = this.#names.get(name);
    return async (task) => {
      if (!this.#adapter.isStream(stream)) throw new DriverFailure(`next: ${name} is not a stream`);
      await this.#pull(stream, `${name}.next`, lane, task);
    };
  }

  close(name: string, lane: string): Body {
    const value = this.#names.get(name);
    return async () => {
      const op = `${name}.close`;
      this.#observer.call(lane, op, {});
      try {
        await this.#adapter.close(value);
      } catch (error) {
        return this.#observeError(lane, op, error);
      }
      this.#observer.result(lane, op, null);
    };
  }

  /** Observes one event, the end or an error. Returns true if more may come. */
  async #pull(stream: AsyncIterator<unknown>, op: string, lane: string, task: Task): Promise<boolean> {
    let item: IteratorResult<unknown>;
    try {
      item = await stream.next();
    } catch (error) {
      this.#observeError(lane, op, error);
      return false;
    }
    if (item.done) {
      this.#adapter.ended?.(stream, item.value);
      this.#observer.end(lane, op);
      return false;
    }
    const event = this.#adapter.event(item.value);
    this.#observer.event(lane, event);
    task.addEvent(event);
    return true;
  }

  #observeError(lane: string, op: string, error: unknown): void {
    if (error instanceof DriverFailure) throw error;
    this.#observer.error(lane, op, error);
  }
}
