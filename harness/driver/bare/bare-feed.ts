import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import type { ObservedEvent } from '../ts/adapter.ts';

/** In an SDK, notifications of a turn or a login attempt have their own consumers and are not in the common stream. */
function isOwned({ method, payload }: ObservedEvent): boolean {
  if (method === 'account/login/completed') return typeof payload.loginId === 'string';
  return typeof payload.turnId === 'string' || 'turn' in payload;
}

/**
 * The engine's notifications, kept from the first one on: a stream that starts late also gets those that came before
 * it.
 */
export class BareFeed {
  readonly #told: ObservedEvent[] = [];
  #wake: (() => void)[] = [];
  #failure: Error | undefined;

  push(method: string, params: JsonValue | undefined): void {
    const payload = isObject(params) ? params : {};
    this.#told.push({ method, payload, known: true });
    this.#ring();
  }

  /** The connection is gone: every stream yields what came before, then fails. */
  fail(error: Error): void {
    this.#failure = error;
    this.#ring();
  }

  /** All of them, from the first one on. */
  async *events(): AsyncGenerator<ObservedEvent, void, void> {
    for (let next = 0; ; ) {
      const event = this.#told[next];
      if (event !== undefined) {
        next += 1;
        yield event;
      } else if (this.#failure !== undefined) throw this.#failure;
      else await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Those that belong to no turn and no login, as in an SDK's common stream. */
  async *notifications(): AsyncGenerator<ObservedEvent, void, void> {
    for await (const event of this.events()) if (!isOwned(event)) yield event;
  }

  /** The end of a turn, even if it ended before anyone asked. */
  async turnCompleted(turnId: string): Promise<JsonObject> {
    for await (const { method, payload } of this.events()) {
      const { turn } = payload;
      if (method !== 'turn/completed' || !isObject(turn)) continue;
      if (turn.id === turnId) return payload;
    }
    throw new Error(`waiting for the end of turn ${turnId}: the engine closed its output`);
  }

  #ring(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }
}
