import { isObject, type JsonObject, type JsonValue, mapTexts } from '../../../testing/json/json.ts';
import type { ScriptStep } from '../../../testing/play/script-types.ts';
import type { Family } from '../../clients/clients.ts';
import { hydrate } from '../../golden/hydrate.ts';
import { asNormalised, type NormalisedLine, type NormalisedObservation } from '../../normalise/types.ts';

/** Where in a script something can go wrong. */
export interface Position {
  /** Index of the message's step; a script's length is its end. */
  step: number;
  /** Who sends the message there: what a client sends can only be preceded by a fault, not changed. */
  from: 'engine' | 'client' | 'nobody';
  /** `answer turn/start`, `item/completed:agentMessage`, … */
  message: string;
  /** How many calls the user has begun by then. */
  calls: number;
  /** Whether the last of them has returned by then. */
  returned: boolean;
}

/** The engine's side of a golden, as steps of a script. */
export interface GoldenScript {
  steps: ScriptStep[];
  /** One for each message, in order, and one for each end of an engine. */
  positions: Position[];
}

/** A golden whose engine's side no script can play; its message says why. */
export class NoScriptError extends Error {
  override readonly name = 'NoScriptError';
}

/**
 * Turns a golden into the script of an engine that does the same: what the client sends is waited for, in the recorded
 * order, and everything that the engine sent follows, filled in. What a client chooses itself (an item's id, say) is
 * taken from its message. No step is owed: with a fault in it, nothing more may come.
 * @throws NoScriptError for a golden in which somebody kills the engine, or a line that is not a message comes first
 */
export function scriptOf(golden: NormalisedObservation, family: Family): GoldenScript {
  return family === 'exec' ? new ExecMaker().make(golden) : new ServerMaker().make(golden);
}

/**
 * Messages in which the engine departs from its own contract, so that a script must call them wrong. The known differences
 * say what they are (rpc-timeline-field-names).
 */
const offContract: ReadonlySet<string> = new Set(['answer thread/timeline/list'] as const);

const request = /^<(?:numeric-)?request:(\d+)>$/;
const asked = /^<server-request:(\d+)>$/;
/** What only a client can have chosen, where it comes first in one of its messages. */
const chosen = /^(?:<process>|<id:[^<>]+>)$/;

/** What both families share: calls are counted, latches and model requests are the golden's. */
abstract class Maker {
  protected readonly steps: ScriptStep[] = [];
  protected readonly positions: Position[] = [];
  #calls = 0;
  #open = 0;

  make(golden: NormalisedObservation): GoldenScript {
    for (const line of golden.lines) this.#read(line, golden);
    this.end();
    return { steps: this.steps, positions: this.positions };
  }

  protected abstract wire(line: NormalisedLine, golden: NormalisedObservation): void;
  protected abstract started(line: NormalisedLine): void;
  protected abstract exited(line: NormalisedLine): void;
  protected abstract mark(step: ScriptStep): void;
  protected abstract end(): void;

  protected place(from: Position['from'], message: string, step = this.steps.length): Position {
    return { step, from, message, calls: this.#calls, returned: this.#open === 0 };
  }

  #read(line: NormalisedLine, golden: NormalisedObservation): void {
    const { ch, body, key } = line;
    if (ch === 'call') {
      this.#calls += 1;
      this.#open = 1;
    } else if (ch === 'result' || ch === 'error') this.#open = 0;
    else if (ch === 'argv') this.started(line);
    else if (ch === 'exit') this.exited(line);
    else if (ch === 'model.request') this.mark({ 'model-request': ++this.#requests });
    else if (ch === 'mark' && key.startsWith('released '))
      this.mark({ hold: key.slice('released '.length), optional: true });
    else if (ch === 'mark') throw new NoScriptError(`a script cannot play ${key}`);
    else if (ch === 'wire.in' || ch === 'wire.out') {
      if (body.partial === true) throw new NoScriptError('a script has no line that was cut by itself');
      this.wire(line, golden);
    }
  }
  #requests = 0;
}

class ServerMaker extends Maker {
  /** What a client chose, and where its message has it. */
  readonly #chosen = new Map<string, string>();
  #starts = 0;
  #over = false;

  protected started({ body }: NormalisedLine): void {
    if (!(body.argv as JsonValue[]).includes('app-server')) return;
    this.#starts += 1;
    if (this.#starts > 1) throw new NoScriptError('the engine starts more than once');
  }

  protected exited({ body }: NormalisedLine): void {
    this.#atEnd();
    if (typeof body.code === 'number') this.steps.push({ exit: body.code });
    else if (body.code !== '<closed>') throw new NoScriptError('somebody kills the engine');
  }

  protected end(): void {
    this.#atEnd();
  }

  #atEnd(): void {
    if (!this.#over) this.positions.push(this.place('nobody', 'the end'));
    this.#over = true;
  }

  protected mark(step: ScriptStep): void {
    this.steps.push(step);
  }

  protected wire(line: NormalisedLine, golden: NormalisedObservation): void {
    const { ch, body } = line;
    if (ch === 'wire.out') {
      if (!isObject(body.msg)) throw new NoScriptError('the client sends a line that is not a message');
      this.positions.push(this.place('client', line.key));
      this.steps.push(this.#heard(body.msg));
      return;
    }
    this.positions.push(this.place('engine', messageName(line)));
    if (!isObject(body.msg)) {
      if (typeof body.raw !== 'string') throw new NoScriptError('the engine sends a line that is not a message');
      this.steps.push({ raw: `${escaped(body.raw)}\n` });
      return;
    }
    const wrong = body.wrong === true || offContract.has(messageName(line));
    const step = said(this.#filled(body.msg, golden), body.msg, wrong);
    this.steps.push(line.key === 'answer initialize' ? withOwnHome(step, body.msg) : step);
  }

  #heard(message: JsonObject): ScriptStep {
    const { id, method, params } = message;
    if (typeof method !== 'string') return { 'expect-reply': nameOf(id), optional: true };
    const as = id === undefined ? undefined : nameOf(id);
    if (as !== undefined && isObject(params)) this.#remember(params, `${as}.params`);
    return { expect: method, ...(as !== undefined && { as }), optional: true };
  }

  #remember(value: JsonValue, at: string): void {
    if (typeof value === 'string' && chosen.test(value) && !this.#chosen.has(value)) this.#chosen.set(value, at);
    else if (Array.isArray(value)) for (const [index, one] of value.entries()) this.#remember(one, `${at}.${index}`);
    else if (isObject(value))
      for (const [key, one] of Object.entries(value)) if (!key.includes('.')) this.#remember(one, `${at}.${key}`);
  }

  /** With a value in place of every placeholder, and a reference in place of what the client chose. */
  #filled(message: JsonObject, golden: NormalisedObservation): JsonObject {
    const referring = mapTexts(escapedTexts(message), (text) => {
      const at = this.#chosen.get(text);
      return at === undefined ? text : `\${${at}}`;
    });
    return hydrated(referring as JsonObject, golden);
  }
}

function nameOf(id: JsonValue | undefined): string {
  const [, own] = request.exec(String(id)) ?? [];
  const [, its] = asked.exec(String(id)) ?? [];
  if (own !== undefined) return `r${own}`;
  if (its !== undefined) return `s${its}`;
  throw new NoScriptError(`nobody can tell which message has the id ${String(id)}`);
}

/**
 * The engine names the home that the run gives it, which its template knows: a client that puts files there would find
 * no such folder, and do something else than in the golden.
 */
function withOwnHome(step: ScriptStep, { result: recorded }: JsonObject): ScriptStep {
  if (!('answer' in step) || !isObject(step.result) || !isObject(recorded)) return step;
  if (recorded.codexHome !== '<codexHome>') return step;
  const { codexHome: _, ...result } = step.result;
  const { template: __, ...rest } = step;
  return { ...rest, result };
}

/** The step that sends a message of the engine. */
function said(filled: JsonObject, { id }: JsonObject, wrong: boolean): ScriptStep {
  const saying = { template: false, ...(wrong && { wrong: true }) };
  const { method, params, result, error } = filled;
  if (method === undefined) {
    if (error !== undefined) return { error: nameOf(id), body: error, ...saying };
    return { answer: nameOf(id), ...(result !== undefined && { result }), ...saying };
  }
  const given = params === undefined ? {} : { params };
  if (id === undefined) return { send: method, ...given, ...saying };
  return { request: method, as: nameOf(id), id: filled.id ?? null, ...given, ...saying };
}

/** Runs of `exec`, one part of the script each, however their lines were mixed. */
class ExecMaker extends Maker {
  readonly #runs = new Map<number, { steps: ScriptStep[]; positions: Position[]; over: boolean }>();

  protected started({ body }: NormalisedLine): void {
    if (typeof body.run !== 'number') return;
    this.#runs.set(body.run, { steps: [{ expect: 'exec', optional: true }], positions: [], over: false });
  }

  protected exited({ body }: NormalisedLine): void {
    const run = this.#run(body);
    run.positions.push(this.place('nobody', 'the end', run.steps.length));
    run.over = true;
    if (typeof body.code !== 'number') throw new NoScriptError('somebody kills the engine');
    run.steps.push({ exit: body.code });
  }

  protected mark(step: ScriptStep): void {
    const open = [...this.#runs.values()].filter(({ over }) => !over);
    const [only, another] = open;
    if (only === undefined || another !== undefined) throw new NoScriptError('nobody can tell which run it belongs to');
    only.steps.push(step);
  }

  protected wire({ ch, body, key }: NormalisedLine, golden: NormalisedObservation): void {
    if (ch === 'wire.out') return;
    const run = this.#run(body);
    run.positions.push(this.place('engine', messageName({ ch, body, key, lane: '' }), run.steps.length));
    if (!isObject(body.msg)) {
      run.steps.push({ raw: `${escaped(String(body.raw))}\n` });
      return;
    }
    const { type, ...params } = hydrated(escapedTexts(body.msg) as JsonObject, golden);
    const wrong = body.wrong === true || typeof type !== 'string';
    run.steps.push({ send: type ?? null, params, template: false, ...(wrong && { wrong }) });
  }

  protected end(): void {
    for (const [number, { steps, positions, over }] of this.#runs) {
      if (!over) throw new NoScriptError('a run of the engine has no end');
      if (number !== 1) this.steps.push({ start: number });
      const before = this.steps.length;
      this.positions.push(...positions.map((one) => ({ ...one, step: before + one.step })));
      this.steps.push(...steps);
    }
    if (this.#runs.size === 0) throw new NoScriptError('the engine never starts');
  }

  #run(body: JsonObject) {
    const run = this.#runs.get(Number(body.run));
    if (run === undefined) throw new NoScriptError('a line belongs to no run');
    return run;
  }
}

/** What kind of message a line is: the key, and what kind of item it is about. */
export function messageName({ key, body }: NormalisedLine): string {
  const message = isObject(body.msg) ? body.msg : {};
  const item = isObject(message.params) ? message.params.item : message.item;
  const named = isObject(item) && typeof item.type === 'string' ? `${key}:${item.type}` : key;
  return message.error === undefined || message.method !== undefined ? named : `${named} (an error)`;
}

const escaped = (text: string): string => text.replaceAll('${', () => '$${');
const escapedTexts = (value: JsonValue): JsonValue => mapTexts(value, escaped);

function hydrated(message: JsonObject, { header }: NormalisedObservation): JsonObject {
  const lines: NormalisedLine[] = [{ lane: '', key: '', ch: 'wire.in', body: { msg: message } }];
  const [line] = hydrate(asNormalised({ header, lines, fired: {} })).lines;
  return (line as unknown as { msg: JsonObject }).msg;
}
