import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { LineWriter } from '../wire/line-writer.ts';
import type { Bindings } from './bindings.ts';
import type { Closing } from './closing.ts';
import type { Control } from './control.ts';
import { type Cue, nameOf } from './cues.ts';
import { Expectations } from './expectations.ts';
import type { Facts, Filler } from './fill.ts';
import { type Miss, unconsumed, unexpected } from './miss.ts';

/** How the fake is to leave. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Its client or a signal had it end, and not what it plays: over WebSocket the engine outlives its clients. */
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
  /** A client's message that found its place and differs in what does not decide the place. */
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

  /** A message of the client; `raw` where the line was no JSON. It may come before its turn: it then waits there. */
  hear(message: JsonValue, raw: boolean): void {
    const { bindings, writer, onMiss, onDifference } = this.#options;
    this.#learn(message);
    const heard = this.#expectations.take(message, raw);
    if (heard === undefined) {
      const miss = unexpected(message, raw, this.#expectations.left, bindings);
      onMiss(miss);
      // Answered, so that no client waits for what will never come.
      if (isObject(message) && message.method !== undefined && message.id !== undefined) {
        const error = { code: -32600, message: `fake-codex-rs: replay miss: ${miss.text}` };
        void writer.write(JSON.stringify({ id: message.id, error }));
      }
      return;
    }
    for (const { path, golden, client } of heard.differences) {
      const { message: awaited, raw: isRaw, number } = heard.cue;
      onDifference({ message: nameOf(awaited, isRaw), line: number, path, ...present({ golden, client }) });
    }
  }

  /** Plays to the end of the cues and of the client, and says how to leave. */
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

  /** False when the engine was told to end before the cue came about. */
  async #perform(cue: Exclude<Cue, { kind: 'exit' }>): Promise<boolean> {
    const { filler, writer, control, closing, onMiss } = this.#options;
    const inGrace = async (work: Promise<void> | undefined) =>
      work === undefined || (await Promise.race([work, closing.over])) !== 'over';
    switch (cue.kind) {
      case 'say': {
        const text = cue.raw ? String(cue.message) : JSON.stringify(filler.fill(cue.message));
        return inGrace(writer.write(text));
      }
      case 'hear': {
        // All that the client sent before it closed has been heard by then: there is nothing to wait for.
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

  /** Undefined where the golden's engine left because it was told to. */
  async #exit(cue: Cue & { kind: 'exit' }): Promise<Exit | undefined> {
    if (cue.code === '<closed>') return undefined;
    // Nobody leaves by SIGKILL on his own: the client lost its patience, and must do so here.
    if (cue.signal === 'SIGKILL') await this.#options.closing.begun;
    const { left } = this.#expectations;
    if (left.length > 0) this.#options.onMiss(unconsumed(left, `the golden's engine ends in line ${cue.number}`));
    return { code: typeof cue.code === 'number' ? cue.code : null, signal: cue.signal as NodeJS.Signals | null };
  }

  #leave(): Exit {
    const signal = this.#options.closing.reason?.signal ?? null;
    // The engine takes SIGTERM as a wish and ends with 0; of SIGINT and SIGHUP it dies (0.163.0, measured).
    const exit = signal === null || signal === 'SIGTERM' ? { code: 0, signal: null } : { code: null, signal };
    return { ...exit, told: true };
  }

  #why(): string {
    const signal = this.#options.closing.reason?.signal ?? null;
    return signal === null || signal === 'SIGTERM'
      ? 'the client has ended the engine'
      : `the engine was told to end by ${signal}`;
  }

  /** What the engine repeats of a client's message though the golden has it as a placeholder. */
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
