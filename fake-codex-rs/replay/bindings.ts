import type { JsonValue } from '../json.ts';
import type { GoldenLine } from './golden.ts';
import { idPlaceholder } from './placeholders.ts';
import { uuidFor } from './uuid.ts';

/**
 * What the golden's placeholders stand for in this run. An id that the golden shows first in the engine's mouth is the engine's to give: its value
 * is settled from the start, so that a client's message that names another never passes for it. An id that shows first in a
 * client's message is taken from there.
 */
export class Bindings {
  /** `<request:N>` → the client's own id. */
  readonly requests = new Map<string, JsonValue>();
  readonly #serverRequests = new Map<string, number>();
  readonly #fromClient = new Map<string, string>();
  readonly #clients: Set<string>;
  readonly #seed: string;
  readonly #moment: number;

  constructor(golden: readonly GoldenLine[], seed: string, moment: number) {
    this.#clients = firstSaidByClient(golden);
    this.#seed = seed;
    this.#moment = moment;
  }

  /** The value of an id, if it has one yet. */
  known(placeholder: string): string | undefined {
    return this.#clients.has(placeholder) ? this.#fromClient.get(placeholder) : this.#made(placeholder);
  }

  /** The value to be said. A client's id that it never said (it left the field out) is made. */
  value(placeholder: string): string {
    return this.known(placeholder) ?? this.#made(placeholder);
  }

  bind(placeholder: string, value: string): void {
    this.#fromClient.set(placeholder, value);
  }

  /** The number of a request of ours: from 0, in the order sent. */
  serverRequest(placeholder: string): number {
    const known = this.#serverRequests.get(placeholder);
    if (known !== undefined) return known;
    this.#serverRequests.set(placeholder, this.#serverRequests.size);
    return this.#serverRequests.size - 1;
  }

  /** Undefined as long as it was not sent. */
  sentServerRequest(placeholder: string): number | undefined {
    return this.#serverRequests.get(placeholder);
  }

  #made(placeholder: string): string {
    return uuidFor(this.#seed, placeholder, this.#moment);
  }
}

function firstSaidByClient(golden: readonly GoldenLine[]): Set<string> {
  const seen = new Set<string>();
  const clients = new Set<string>();
  for (const { ch, body } of golden) {
    // A run of `exec` has the thread that it resumes from its arguments.
    if (ch !== 'wire.in' && ch !== 'wire.out' && ch !== 'argv') continue;
    for (const [placeholder] of JSON.stringify(body).matchAll(idPlaceholder)) {
      if (!seen.has(placeholder) && ch !== 'wire.in') clients.add(placeholder);
      seen.add(placeholder);
    }
  }
  return clients;
}
