import { isObject, type JsonObject, type JsonValue, keyOf, writeJson } from '../exact-json.ts';
import { FakeError } from '../fake-error.ts';
import type { Closing } from '../replay/closing.ts';
import type { Control } from '../replay/control.ts';
import type { Exit } from '../replay/player.ts';
import type { Composed } from './compose.ts';
import type { FaultWriter } from './fault-writer.ts';
import { nameOfMessage, nameOfPlace, Places } from './places.ts';
import { places, type SayStep, type StartScript, type Step } from './steps.ts';
import { type Bound, resolvedText } from './values.ts';

/** What a script does to the process, besides sending messages. */
export interface Process {
  stderr(bytes: Buffer): Promise<void>;
  closeStdin(): void;
  closeStdout(): Promise<void>;
  setReading(on: boolean): void;
}

/** Knows what the conversation is about: fills in what a script says, and names what a client said. */
export interface Speaker {
  /** A client's message whose turn has come, as what its name stands for. */
  heard(message: JsonObject): Bound;
  /**
   * Makes a step's message.
   * @throws Error if a name does not exist, or the message is invalid and the step does not say so
   */
  compose(step: Exclude<SayStep, { verb: 'raw' }>, names: ReadonlyMap<string, Bound>, nextId: () => number): Composed;
  /** The answer to a request that no step mentions; undefined if there is none. */
  result(bound: Bound, given: undefined): JsonValue | undefined;
}

export interface ScriptPlayerOptions {
  script: StartScript;
  speaker: Speaker;
  writer: FaultWriter;
  control: Control;
  closing: Pick<Closing, 'reason' | 'begun' | 'over'>;
  /**
   * How it exits once everything has been played, or by which signal it ends before. A server has none and waits for
   * its client.
   */
  leaving?: (signal: NodeJS.Signals | null) => Exit;
  process: Process;
  /** The client did something that the script does not expect: one message too many, or it left before the end. */
  onMiss(miss: JsonObject & { text: string }): void;
}

/** How a sequence of steps ended: all played, the client closed before `step`, or the engine exited. */
type Ended = { kind: 'played' } | { kind: 'stopped'; step: Step } | { kind: 'exit'; exit: Exit };

const played: Ended = { kind: 'played' };

/** Plays the engine's side of one start of a script. */
export class ScriptPlayer {
  readonly #options: ScriptPlayerOptions;
  readonly #names = new Map<string, Bound>();
  readonly #places: Places;
  /** Ids of our requests, as JSON → their names. */
  readonly #asked = new Map<string, string>();
  #requests = 0;
  #deaf = false;

  constructor(options: ScriptPlayerOptions) {
    this.#options = options;
    this.#places = new Places(places(options.script.steps), this.#names);
  }

  /** A line of the client; undefined if it was not JSON. */
  hear(message: JsonValue | undefined): void {
    if (this.#deaf) return;
    if (!isObject(message)) {
      this.#miss(message ?? null, 'a line that is not a message');
      return;
    }
    const to = message.method === undefined ? this.#asked.get(keyOf(message.id ?? null)) : undefined;
    if (this.#places.take(message, to)) return;
    const { auto, deafToHandshake } = this.#options.script;
    const { method } = message;
    if (to !== undefined && !this.#places.mentions(to)) return;
    if (deafToHandshake && (method === 'initialize' || method === 'initialized')) return;
    if (typeof method === 'string' && auto.has(method)) {
      if (message.id !== undefined) void this.#answerByItself(message);
      return;
    }
    this.#miss(message, nameOfMessage(message), this.#places.nearest(message, to));
  }

  /** Plays to the end of the script and of the client. Returns how to exit. */
  async play(): Promise<Exit> {
    const { script, closing, onMiss } = this.#options;
    const ended = await this.#sequence(script.steps);
    if (ended.kind === 'exit') return ended.exit;
    const { leaving } = this.#options;
    if (ended.kind === 'stopped' || leaving === undefined) await closing.begun;
    const signal = closing.reason?.signal ?? null;
    if (ended.kind === 'stopped' && !isOptional(ended.step)) {
      const why =
        signal === null || signal === 'SIGTERM'
          ? 'the client has ended the engine'
          : `the engine was told to end by ${signal}`;
      onMiss({
        text: `${why}, but the script still waits at step ${ended.step.at} (${nameOf(ended.step)})`,
        step: ended.step.at,
      });
    }
    return leaving?.(signal) ?? { code: signal === null ? 0 : null, signal, told: true };
  }

  async #sequence(steps: readonly Step[]): Promise<Ended> {
    for (const step of steps) {
      const ended = await this.#perform(step);
      if (ended.kind !== 'played') return ended;
    }
    return played;
  }

  /** Ends when all sequences have ended, or as soon as one makes the engine exit. */
  #inAnyOrder(sequences: readonly Step[][]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const running = sequences.map(async (steps) => {
        const ended = await this.#sequence(steps);
        if (ended.kind === 'exit') resolve(ended);
        return ended;
      });
      Promise.all(running).then((all) => resolve(all.find(({ kind }) => kind === 'stopped') ?? played), reject);
    });
  }

  async #perform(step: Step): Promise<Ended> {
    const { control, closing, process } = this.#options;
    const unlessOver = async (work: Promise<unknown>): Promise<Ended> =>
      (await Promise.race([work, closing.over])) === 'over' ? { kind: 'stopped', step } : played;
    switch (step.verb) {
      case 'expect':
      case 'expect-reply': {
        // Everything the client sent before it closed has been received by then, so there is nothing to wait for.
        await Promise.race([this.#places.come(step), closing.begun]);
        const message = this.#places.message(step);
        if (message === undefined) return { kind: 'stopped', step };
        if (step.verb === 'expect') this.#names.set(step.as, this.#options.speaker.heard(message));
        else this.#names.set(step.to, { ...this.#names.get(step.to), reply: message });
        return played;
      }
      case 'any-order':
        return this.#inAnyOrder(step.sequences);
      case 'hold':
        return unlessOver(control.latch(step.latch));
      case 'model-request':
        return unlessOver(control.modelReached(step.n));
      case 'stderr':
        return unlessOver(process.stderr(repeated(bytesOf(step.bytes, this.#names), step.times)));
      case 'close':
        if (step.what === 'stdin') process.closeStdin();
        else await process.closeStdout();
        return played;
      case 'reading':
        process.setReading(!step.paused);
        return played;
      case 'hang':
        this.#deaf = true;
        // Neither the end of its input nor SIGTERM ends an engine that hangs forever.
        return step.forEver ? new Promise(() => {}) : unlessOver(closing.begun);
      case 'exit':
        // What it has said is still written, but it hears nothing more.
        this.#deaf = true;
        process.setReading(false);
        return { kind: 'exit', exit: { code: step.code, signal: step.signal as NodeJS.Signals | null } };
      default:
        return unlessOver(this.#say(step));
    }
  }

  async #say(step: SayStep): Promise<void> {
    const { writer, control } = this.#options;
    const { saying } = step;
    let bytes: Buffer;
    if (step.verb === 'raw') bytes = repeated(bytesOf(step.bytes, this.#names), step.times);
    else {
      const { message, answers, asks } = this.#composed(step);
      if (answers !== undefined) this.#names.set(answers.name, answers.bound);
      if (asks !== undefined) this.#asked.set(keyOf(message.id ?? null), asks);
      const eol = { lf: '\n', crlf: '\r\n', none: '' }[saying.eol];
      bytes = Buffer.from(`${saying.prefix}${writeJson(message)}${eol}`);
    }
    const { wrong, chunks, wait } = saying;
    await writer.write(bytes, { wrong, chunks, between: wait === undefined ? undefined : () => control.latch(wait) });
  }

  #composed(step: Exclude<SayStep, { verb: 'raw' }>): Composed {
    try {
      return this.#options.speaker.compose(step, this.#names, () => this.#requests++);
    } catch (cause) {
      throw new FakeError(
        `fake-codex-rs: Playing step ${step.at} of the script (${nameOf(step)}): ${(cause as Error).message}`,
        { cause },
      );
    }
  }

  async #answerByItself(message: JsonObject): Promise<void> {
    const { speaker, writer } = this.#options;
    const result = speaker.result(speaker.heard(message), undefined);
    const answer = result === undefined ? { error: { code: -32601, message: 'no such method' } } : { result };
    await writer.write(Buffer.from(`${writeJson({ id: message.id as JsonValue, ...answer })}\n`), {
      wrong: false,
      chunks: [],
    });
  }

  #miss(message: JsonValue, name: string, nearest?: string): void {
    const text = `the client sent ${name}, which no remaining step of the script expects${nearest === undefined ? '' : `; ${nearest}`}`;
    this.#options.onMiss({ text, came: message });
    if (!isObject(message) || message.method === undefined || message.id === undefined) return;
    // Answered, so that no client waits for something that will never come. Marked as on purpose, so that the miss is
    // the only finding.
    const error = { code: -32600, message: `fake-codex-rs: script miss: ${text}` };
    const bytes = Buffer.from(`${writeJson({ id: message.id, error })}\n`);
    void this.#options.writer.write(bytes, { wrong: true, chunks: [] });
  }
}

function isOptional(step: Step): boolean {
  return 'optional' in step && step.optional;
}

function nameOf(step: Step): string {
  switch (step.verb) {
    case 'expect':
    case 'expect-reply':
      return nameOfPlace(step);
    case 'answer':
    case 'error':
      return `${step.verb} ${step.to}`;
    case 'send':
    case 'request':
      return `${step.verb} ${String(step.method)}`;
    case 'hold':
      return `hold ${step.latch}`;
    default:
      return step.verb;
  }
}

function bytesOf(bytes: { text: string } | { base64: string }, names: ReadonlyMap<string, Bound>): Buffer {
  return 'text' in bytes ? Buffer.from(resolvedText(bytes.text, names)) : Buffer.from(bytes.base64, 'base64');
}

const repeated = (bytes: Buffer, times: number): Buffer =>
  times === 1 ? bytes : Buffer.alloc(bytes.length * times, bytes);
