import { type FakeError, unexpected } from '../fake-error.ts';
import { isObject, type JsonObject, type JsonValue, shown } from '../json.ts';

/** How a message is put on the wire. */
export interface Saying {
  /** It breaks the contract on purpose, or comes where it may not. */
  wrong: boolean;
  /** False: `params` or `result` as they stand, nothing completed. */
  template: boolean;
  eol: 'lf' | 'crlf' | 'none';
  prefix: string;
  /** Sizes of the first writes; the rest is one more. */
  chunks: number[] | 'every-byte';
  /** The latch to be waited for after the first chunk. */
  wait: string | undefined;
}

interface Common {
  /** Its place in the script: `4`, or `4.1.2` within another step. */
  at: string;
}
export type ExpectStep = Common & {
  verb: 'expect';
  method: string;
  as: string;
  params: JsonValue | undefined;
  optional: boolean;
};
export type ReplyStep = Common & { verb: 'expect-reply'; to: string; match: JsonObject; optional: boolean };
/** A message of the engine's, before its references are resolved. */
export type SayStep = Common & { saying: Saying } & (
    | { verb: 'answer'; to: string; result: JsonValue | undefined; id: JsonValue | undefined }
    | { verb: 'error'; to: string; error: JsonValue; id: JsonValue | undefined }
    | { verb: 'send'; method: JsonValue; params: JsonValue | undefined }
    | { verb: 'request'; method: JsonValue; as: string; params: JsonValue | undefined; id: JsonValue | undefined }
    | { verb: 'raw'; bytes: Bytes; times: number }
  );
export type Step =
  | ExpectStep
  | ReplyStep
  | SayStep
  | (Common & { verb: 'any-order'; sequences: Step[][] })
  | (Common & { verb: 'hold'; latch: string })
  | (Common & { verb: 'model-request'; n: number })
  | (Common & { verb: 'stderr'; bytes: Bytes; times: number; optional: boolean })
  | (Common & { verb: 'close'; what: 'stdin' | 'stdout' })
  | (Common & { verb: 'reading'; paused: boolean })
  | (Common & { verb: 'hang'; forEver: boolean })
  | (Common & { verb: 'exit'; code: number | null; signal: string | null });

/** A text, or bytes as base64. */
export type Bytes = { text: string } | { base64: string };

/** What one start of the engine does. */
export interface StartScript {
  steps: Step[];
  /** Requests that are answered from their templates whenever they come. */
  auto: Set<string>;
  /** Whether `initialize` and `initialized` that no step expects are passed over. */
  deafToHandshake: boolean;
}

/**
 * Reads a script (docs/script-format.md), repetitions unrolled, one part for each start of the engine.
 * @throws FakeError with the step and what is wrong with it. The harness checks scripts by their schema before, and says more.
 */
export function readScript(script: readonly JsonValue[]): StartScript[] {
  const parts: { at: number; value: JsonValue }[][] = [[]];
  for (const [index, value] of script.entries()) {
    const at = index + 1;
    if (isObject(value) && value.start !== undefined) {
      if (value.start !== parts.length + 1)
        throw wrong(`${at}`, `start: ${parts.length + 1}`, `start: ${shown(value.start)}`);
      parts.push([]);
    } else parts.at(-1)?.push({ at, value });
  }
  return parts.map((part) => {
    const auto = new Set<string>();
    let handshake = true;
    const steps = part.flatMap(({ at, value }) => {
      if (isObject(value) && Array.isArray(value.auto)) for (const method of value.auto) auto.add(String(method));
      else if (isObject(value) && value.handshake === 'none') handshake = false;
      // Answers to runs beside the server's: cli/side-run.ts reads them.
      else if (isObject(value) && (value.login !== undefined || value.schema !== undefined)) return [];
      else return readStep(value, `${at}`);
      return [];
    });
    const byHand = !handshake || expects(steps).some(({ method }) => method === 'initialize');
    return { steps: byHand ? steps : [...byItself(), ...steps], auto, deafToHandshake: byHand };
  });
}

/** The handshake, where a script has none. */
const byItself = (): Step[] =>
  [{ expect: 'initialize' }, { answer: 'initialize' }, { expect: 'initialized' }].flatMap((step) =>
    readStep(step, 'handshake'),
  );

/** Every `expect` and `expect-reply`, in the script's order. */
export function places(steps: readonly Step[]): (ExpectStep | ReplyStep)[] {
  return steps.flatMap((step) => {
    if (step.verb === 'any-order') return step.sequences.flatMap(places);
    return step.verb === 'expect' || step.verb === 'expect-reply' ? [step] : [];
  });
}

const expects = (steps: readonly Step[]): ExpectStep[] =>
  places(steps).filter((place): place is ExpectStep => place.verb === 'expect');

/** Steps that stand elsewhere than in a start's list; `at` is what their places begin with. */
export const readSteps = (steps: readonly JsonValue[], at: string): Step[] => sequence(steps, at);

const text = (value: JsonValue | undefined): string => String(value);

function readStep(value: JsonValue, at: string): Step[] {
  if (!isObject(value)) throw wrong(at, 'an object', shown(value));
  const verb = Object.keys(readers).find((name) => value[name] !== undefined);
  if (verb === undefined) throw wrong(at, `one of ${Object.keys(readers).join(', ')}`, shown(value));
  return (readers[verb] as Reader)(value, at);
}

type Reader = (step: JsonObject, at: string) => Step[];

const readers: Record<string, Reader> = {
  'expect-reply': (step, at) => {
    const { 'expect-reply': to, optional, result, error } = step;
    const match = { ...(result !== undefined && { result }), ...(error !== undefined && { error }) };
    return [{ verb: 'expect-reply', at, to: text(to), match, optional: optional === true }];
  },
  expect: ({ expect: method, as, params, optional }, at) => [
    { verb: 'expect', at, method: text(method), as: text(as ?? method), params, optional: optional === true },
  ],
  answer: (step, at) => [
    { verb: 'answer', at, to: text(step.answer), result: step.result, id: step.id, saying: sayingOf(step) },
  ],
  error: (step, at) => {
    const { code = -32600, message = 'scripted error', data, body } = step;
    const error = body === undefined ? { code, message, ...(data !== undefined && { data }) } : body;
    return [{ verb: 'error', at, to: text(step.error), error, id: step.id, saying: sayingOf(step) }];
  },
  send: (step, at) => [
    { verb: 'send', at, method: step.send as JsonValue, params: step.params, saying: sayingOf(step) },
  ],
  request: (step, at) => {
    const { request: method = null, as, params, id } = step;
    return [{ verb: 'request', at, method, as: text(as ?? method), params, id, saying: sayingOf(step) }];
  },
  raw: (step, at) => {
    const saying = { ...sayingOf(step), wrong: step.wrong !== false };
    return [{ verb: 'raw', at, bytes: bytesOf(step.raw, at), times: count(step.times, at), saying }];
  },
  'model-request': (step, at) => [{ verb: 'model-request', at, n: count(step['model-request'], at) }],
  hold: (step, at) => [{ verb: 'hold', at, latch: text(step.hold) }],
  stderr: (step, at) => [
    {
      verb: 'stderr',
      at,
      bytes: bytesOf(step.stderr, at),
      times: count(step.times, at),
      optional: step.optional === true,
    },
  ],
  close: (step, at) => [{ verb: 'close', at, what: step.close === 'stdin' ? 'stdin' : 'stdout' }],
  reading: (step, at) => [{ verb: 'reading', at, paused: step.reading === 'paused' }],
  hang: (step, at) => [{ verb: 'hang', at, forEver: step.hang === 'for-ever' }],
  exit: ({ exit }, at) => [
    typeof exit === 'number'
      ? { verb: 'exit', at, code: exit, signal: null }
      : { verb: 'exit', at, code: null, signal: text(exit) },
  ],
  'any-order': (step, at) => [
    {
      verb: 'any-order',
      at,
      sequences: list(step['any-order'], at).map((inner, index) => sequence(list(inner, at), `${at}.${index + 1}`)),
    },
  ],
  repeat: (step, at) =>
    Array.from({ length: count(step.repeat, at) }, (_, round) =>
      sequence(list(step.steps, at), `${at}.${round + 1}`),
    ).flat(),
};

const sequence = (steps: readonly JsonValue[], at: string): Step[] =>
  steps.flatMap((inner, index) => readStep(inner, `${at}.${index + 1}`));

function sayingOf({ wrong: isWrong, template, eol, prefix, chunks, wait }: JsonObject): Saying {
  return {
    wrong: isWrong === true,
    template: template !== false,
    eol: eol === 'crlf' || eol === 'none' ? eol : 'lf',
    prefix: typeof prefix === 'string' ? prefix : '',
    chunks: chunks === 'every-byte' ? chunks : Array.isArray(chunks) ? chunks.map(Number) : [],
    wait: typeof wait === 'string' ? wait : undefined,
  };
}

function bytesOf(value: JsonValue | undefined, at: string): Bytes {
  if (typeof value === 'string') return { text: value };
  if (isObject(value) && typeof value.base64 === 'string') return { base64: value.base64 };
  throw wrong(at, 'a text or {base64: …}', shown(value));
}

function list(value: JsonValue | undefined, at: string): JsonValue[] {
  if (Array.isArray(value)) return value;
  throw wrong(at, 'a list of steps', shown(value));
}

function count(value: JsonValue | undefined, at: string): number {
  if (value === undefined) return 1;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw wrong(at, 'a whole number from 1', shown(value));
}

const wrong = (at: string, expected: string, got: string): FakeError =>
  unexpected(`reading step ${at} of the script`, expected, got, { advice: 'See docs/script-format.md' });
