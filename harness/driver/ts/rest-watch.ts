import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { type Held, heldBy, lookAt } from '../../../testing/held/held.ts';
import { moreThan } from '../../../testing/held/remembered.ts';
import { pendingTimers } from '../../../testing/held/timers.ts';

/** Where a client keeps what it holds. */
export interface HoldingClient {
  /** What a client's own objects are reached from; absent where a client keeps nothing itself. */
  roots?(client: unknown): object[];
  /** Tables of modules, by name. */
  modules: Readonly<Record<string, ReadonlySet<unknown>>>;
}

/** What has just ended needs some turns of the event loop until it is gone. */
const turns = 20;
const looks = 4;

/**
 * Looks at what our client holds in this process: its tables, listeners on signals that it was given and on the process,
 * timers. Made before the client.
 */
export class RestWatch {
  readonly #holding: HoldingClient;
  readonly #allowed: Held;
  readonly #listeners = listenersOfProcess();
  readonly #timers = pendingTimers();
  /** What the client led to before it was closed: a closed client does not lead to its connection any more. */
  #objects: object[] = [];

  /** @param allowed what the scenario leaves unfinished while its client is open */
  constructor(holding: HoldingClient, allowed: Held = {}) {
    this.#holding = holding;
    this.#allowed = allowed;
  }

  /** What is held while the client is open, and nothing is asked of it. */
  async open(client: unknown, signals: readonly AbortSignal[]): Promise<Held> {
    return await settled(this.#allowed, () => ({ ...this.#look(client), ...onSignals(signals) }));
  }

  /** Call it before a client is closed. */
  closing(client: unknown): void {
    // A step that hangs has prevented the look.
    if (this.#objects.length === 0) this.#look(client);
  }

  /** What is held once the client is closed. */
  async closed(signals: readonly AbortSignal[]): Promise<Held> {
    return await settled({}, () => ({
      ...withoutHandles(heldBy(this.#objects)),
      ...onSignals(signals),
      ...Object.fromEntries(sizes(this.#holding.modules)),
      ...more('listener of the process', listenersOfProcess() - this.#listeners),
      ...more('timers', pendingTimers() - this.#timers),
    }));
  }

  #look(client: unknown): Held {
    const { held, objects } = lookAt(this.#holding.roots?.(client) ?? []);
    this.#objects = objects;
    return held;
  }
}

/** When handles that nobody refers to any more let their turns go is the collector's matter. */
const withoutHandles = ({ 'TurnRouter.#logs': _, ...held }: Held): Held => held;

async function settled(allowed: Held, look: () => Held): Promise<Held> {
  for (let looked = 1; ; looked += 1) {
    const held = look();
    if (looked === looks || moreThan(held, allowed).length === 0) return held;
    // Handles that the scenario had are garbage by now.
    globalThis.gc?.();
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
  }
}

const more = (name: string, count: number): Held => (count > 0 ? { [name]: count } : {});

const onSignals = (signals: readonly AbortSignal[]): Held =>
  more(
    "listeners on the caller's signals",
    signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0),
  );

const sizes = (modules: HoldingClient['modules']): [string, number][] =>
  Object.entries(modules).flatMap(([name, { size }]) => (size > 0 ? [[name, size]] : []));

const listenersOfProcess = (): number =>
  process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
