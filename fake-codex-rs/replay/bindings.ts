import { type JsonValue, writeJson } from '../exact-json.ts';
import type { GoldenLine } from './golden.ts';
import { idPlaceholder } from './placeholders.ts';

/**
 * What the golden's placeholders stand for in this run. An id that first appears in a message of the engine is chosen
 * by the engine: its value is fixed from the start, so a client's message with another one never matches. An id that
 * first appears in a client's message is taken from there.
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

  /** The value of an id, if it has one. */
  known(placeholder: string): string | undefined {
    return this.#clients.has(placeholder) ? this.#fromClient.get(placeholder) : this.#made(placeholder);
  }

  /** The value to send. An id that the client should have chosen but omitted is created here. */
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

  /** Undefined if it has not been sent. */
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
    // A run of `exec` gets the thread to resume from its arguments.
    if (ch !== 'wire.in' && ch !== 'wire.out' && ch !== 'argv') continue;
    for (const [placeholder] of writeJson(body).matchAll(idPlaceholder)) {
      if (!seen.has(placeholder) && ch !== 'wire.in') clients.add(placeholder);
      seen.add(placeholder);
    }
  }
  return clients;
}

/**
 * A UUID in the form of version 7, the same for the same seed and name, so that processes of one cell agree on ids
 * without shared state. Node's own hashes would cost a module load at each start, and nothing here has to be hard to
 * guess.
 * @param moment milliseconds since 1970, its leading part
 */
export function uuidFor(seed: string, name: string, moment: number): string {
  const words = [0x243f6a88, 0x85a308d3, 0x13198a2e].map((start) => mix(`${seed}\0${name}`, start));
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  const time = Math.floor(moment).toString(16).padStart(12, '0').slice(-12);
  const variant = ((Number.parseInt(hex.slice(3, 4), 16) & 3) | 8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
}

/** FNV-1a with a finaliser, over UTF-16 units. */
function mix(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
