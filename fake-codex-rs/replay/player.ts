import { isObject, type JsonObject, type JsonValue, keyOf, writeJson } from '../exact-json.ts';
import type { LineWriter } from '../wire/line-writer.ts';
import type { Bindings } from './bindings.ts';
import type { Closing } from './closing.ts';
import type { Control } from './control.ts';
import { type Cue, type HearCue, nameOf } from './cues.ts';
import type { Facts, Filler } from './fill.ts';
import { type LeafDifference, leafDifferences } from './leaf-differences.ts';
import { type Miss, unconsumed, unexpected } from './miss.ts';

/** How the fake exits. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Its client or a signal ended it, not what it plays. Over WebSocket, the engine outlives its clients. */
  told?: true;
}

export interface PlayerOptions {
  cues: readonly Cue[];
  bindings: Bindings;
  filler: Filler;
  facts: Facts;
  writer: LineWriter;
  control: Control;
  closing: Closing;
  onMiss(miss: Miss): void;
  /** A client's message found its place, and differs in something that does not decide the place. */
  onDifference(difference: JsonObject): void;
}

/** Plays the engine's side of one start of a golden. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #expectations: Expectations;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#expectations = new Expectations(
      options.cues.filter((cue) => cue.kind === 'hear'),
      options.bindings,
    );
  }

  /** A message of the client; `raw` if the line was not JSON. If it arrives early, it waits. */
  hear(message: JsonValue, raw: boolean): void {
    const { bindings, writer, onMiss, onDifference } = this.#options;
    this.#learn(message);
    const heard = this.#expectations.take(message, raw);
    if (heard === undefined) {
      const miss = unexpected(message, raw, this.#expectations.left, bindings);
      onMiss(miss);
      // Answered, so that no client waits for something that will never come.
      if (isObject(message) && message.method !== undefined && message.id !== undefined) {
        const error = { code: -32600, message: `fake-codex-rs: replay miss: ${miss.text}` };
        void writer.write(writeJson({ id: message.id, error }));
      }
      return;
    }
    for (const { path, golden, client } of heard.differences) {
      const { message: awaited, raw: isRaw, number } = heard.cue;
      onDifference({ message: nameOf(awaited, isRaw), line: number, path, ...present({ golden, client }) });
    }
  }

  /** Plays to the end of the cues and of the client. Returns how to exit. */
  async play(): Promise<Exit> {
    const { cues, closing } = this.#options;
    for (const cue of cues) {
      if (cue.kind === 'exit') {
        const exit = await this.#exit(cue);
        if (exit !== undefined) return exit;
        break;
      }
      if (!(await this.#perform(cue))) break;
    }
    await closing.begun;
    const { left } = this.#expectations;
    if (left.length > 0) this.#options.onMiss(unconsumed(left, this.#why()));
    return this.#leave();
  }

  /** False if the engine was asked to exit before the cue came about. */
  async #perform(cue: Exclude<Cue, { kind: 'exit' }>): Promise<boolean> {
    const { filler, writer, control, closing, onMiss } = this.#options;
    const inGrace = async (work: Promise<void> | undefined) =>
      work === undefined || (await Promise.race([work, closing.over])) !== 'over';
    switch (cue.kind) {
      case 'say': {
        const text = cue.raw ? String(cue.message) : writeJson(filler.fill(cue.message));
        return inGrace(writer.write(text));
      }
      case 'hear': {
        // Everything the client sent before it closed has been received by then, so there is nothing to wait for.
        const heard = this.#expectations.heard(cue);
        if (heard !== undefined) await Promise.race([heard, closing.begun]);
        return this.#expectations.heard(cue) === undefined;
      }
      case 'latch':
        return inGrace(control.latch(cue.name));
      case 'model':
        return inGrace(control.modelReached(cue.n));
      case 'killed':
        await closing.begun;
        if (closing.reason?.signal === null) {
          onMiss({ text: `${this.#why()}, but the golden's engine was killed by ${cue.signal} in line ${cue.number}` });
        }
        return true;
    }
  }

  /** Undefined if the golden's engine exited because it was asked to. */
  async #exit(cue: Cue & { kind: 'exit' }): Promise<Exit | undefined> {
    if (cue.code === '<closed>') return undefined;
    // No engine exits by SIGKILL on its own: the client lost its patience, and must do so here.
    if (cue.signal === 'SIGKILL') await this.#options.closing.begun;
    const { left } = this.#expectations;
    if (left.length > 0) this.#options.onMiss(unconsumed(left, `the golden's engine ends in line ${cue.number}`));
    return { code: typeof cue.code === 'number' ? cue.code : null, signal: cue.signal as NodeJS.Signals | null };
  }

  #leave(): Exit {
    const signal = this.#options.closing.reason?.signal ?? null;
    // The engine handles SIGTERM and exits with 0; SIGINT and SIGHUP kill it (0.171.0, measured).
    const exit = signal === null || signal === 'SIGTERM' ? { code: 0, signal: null } : { code: null, signal };
    return { ...exit, told: true };
  }

  #why(): string {
    const signal = this.#options.closing.reason?.signal ?? null;
    return signal === null || signal === 'SIGTERM'
      ? 'the client has ended the engine'
      : `the engine was told to end by ${signal}`;
  }

  /** What the engine repeats from a client's message although the golden has it as a placeholder. */
  #learn(message: JsonValue): void {
    if (!isObject(message) || !isObject(message.params)) return;
    const { facts } = this.#options;
    const { processId, clientInfo } = message.params;
    if (typeof processId === 'string') facts.processId = processId;
    if (message.method !== 'initialize' || !isObject(clientInfo)) return;
    if (typeof clientInfo.name === 'string') facts.clientName = clientInfo.name;
    if (typeof clientInfo.title === 'string') facts.clientTitle = clientInfo.title;
    if (typeof clientInfo.version === 'string') facts.clientVersion = clientInfo.version;
  }
}

function present(sides: Record<string, JsonValue | undefined>): JsonObject {
  const out: JsonObject = {};
  for (const [side, value] of Object.entries(sides)) if (value !== undefined) out[side] = value;
  return out;
}

/** A client's message found its place. Remaining differences are reported and the replay continues. */
export interface Heard {
  cue: HearCue;
  differences: LeafDifference[];
}

/** The client's messages that the golden still expects, in recorded order. */
export class Expectations {
  readonly #bindings: Bindings;
  readonly #left: Set<HearCue>;
  readonly #waiting = new Map<HearCue, () => void>();

  constructor(cues: readonly HearCue[], bindings: Bindings) {
    this.#left = new Set(cues);
    this.#bindings = bindings;
  }

  get left(): HearCue[] {
    return [...this.#left];
  }

  /** Resolves when the message has arrived; undefined if it is already there. */
  heard(cue: HearCue): Promise<void> | undefined {
    if (!this.#left.has(cue)) return undefined;
    return new Promise((resolve) => this.#waiting.set(cue, resolve));
  }

  /**
   * Finds the place of a client's message: same method (or the answer to the same request), same thread, turn and item.
   * Within a thread the first such place is taken, so that a later message never takes it. If no thread is named
   * (`thread/start` of two threads at once), the place it differs from least. Undefined if no place is left.
   */
  take(message: JsonValue, raw = false): Heard | undefined {
    let best: (Heard & { bound: Map<string, string> }) | undefined;
    const lanes = new Set<string>();
    for (const cue of this.#left) {
      if (cue.raw !== raw || lanes.has(cue.lane)) continue;
      const bound = new Map<string, string>();
      const differences = raw ? rawDifferences(cue.message, message) : this.#compare(cue.message, message, bound);
      if (differences === undefined) continue;
      if (cue.lane !== 'out/-') lanes.add(cue.lane);
      if (best === undefined || differences.length < best.differences.length) best = { cue, differences, bound };
    }
    if (best === undefined) return undefined;
    const { cue, differences, bound } = best;
    for (const [placeholder, value] of bound) this.#bindings.bind(placeholder, value);
    if (isObject(cue.message) && isObject(message) && typeof cue.message.id === 'string' && message.method) {
      this.#bindings.requests.set(cue.message.id, message.id ?? null);
    }
    this.#left.delete(cue);
    this.#waiting.get(cue)?.();
    return { cue, differences };
  }

  /** Undefined if it is another message. */
  #compare(golden: JsonValue, client: JsonValue, bound: Map<string, string>): LeafDifference[] | undefined {
    if (!isObject(golden) || !isObject(client)) return rawDifferences(golden, client);
    const { id: goldenId, method: goldenMethod, ...goldenRest } = golden;
    const { id, method, ...rest } = client;
    if (method !== goldenMethod || (id === undefined) !== (goldenId === undefined)) return undefined;
    if (method === undefined) {
      const sent = typeof goldenId === 'string' ? this.#bindings.sentServerRequest(goldenId) : undefined;
      if (keyOf(sent ?? goldenId) !== keyOf(id)) return undefined;
    }
    const differences = leafDifferences(goldenRest, rest, this.#bindings, bound);
    return differences.some((one) => one.identity) ? undefined : differences;
  }
}

function rawDifferences(golden: JsonValue, client: JsonValue): LeafDifference[] | undefined {
  return keyOf(golden) === keyOf(client) ? [] : undefined;
}
