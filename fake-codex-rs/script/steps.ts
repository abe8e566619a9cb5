import { isObject, type JsonObject, type JsonValue, shown } from '../exact-json.ts';
import { type FakeError, unexpected } from '../fake-error.ts';
import { checkValue } from '../template/check-value.ts';
import { Contract } from '../template/contract.ts';
import { type GivenStep, type GivenSteps, stepSchemas } from './given-steps.ts';

/** How a message is sent. */
export interface Saying {
  /** It breaks the contract on purpose, or comes at a wrong time. */
  wrong: boolean;
  /** False: `params` or `result` are sent as given, and nothing is filled in. */
  template: boolean;
  eol: 'lf' | 'crlf' | 'none';
  prefix: string;
  /** Sizes of the first writes; one more write has the rest. */
  chunks: number[] | 'every-byte';
  /** The latch to wait for after the first chunk. */
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
/** A message of the engine, before its references are resolved. */
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
  | (Common & { verb: 'hold'; latch: string; optional: boolean })
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
  /** Requests that are answered from their templates whenever they arrive. */
  auto: Set<string>;
  /** Whether `initialize` and `initialized` are ignored if no step expects them. */
  deafToHandshake: boolean;
}

/** What has been read of one start. */
interface Part extends StartScript {
  /** `handshake: none`. */
  byHand: boolean;
}

const emptyPart = (): Part => ({ steps: [], auto: new Set(), deafToHandshake: false, byHand: false });

/**
 * Reads a script (docs/script-format.md): repetitions unrolled, one part for each start of the engine.
 * @throws FakeError with the step and what is wrong with it. The harness checks scripts against their schema first, and
 * says more.
 */
export function readScript(script: readonly JsonValue[]): StartScript[] {
  const first = emptyPart();
  const parts = [first];
  let part = first;
  for (const [index, value] of script.entries()) {
    const at = `${index + 1}`;
    const step = checkedStep(value, at);
    if ('start' in step) {
      if (step.start !== parts.length + 1) throw wrong(at, `start: ${parts.length + 1}`, `start: ${step.start}`);
      part = emptyPart();
      parts.push(part);
    } else part.steps.push(...readStep(step, at, part));
  }
  return parts.map(({ steps, auto, byHand: without }) => {
    const byHand = without || expects(steps).some(({ method }) => method === 'initialize');
    return { steps: byHand ? steps : [...byItself(), ...steps], auto, deafToHandshake: byHand };
  });
}

/** The handshake, if a script has none. */
const byItself = (): Step[] =>
  readSteps([{ expect: 'initialize' }, { answer: 'initialize' }, { expect: 'initialized' }], 'handshake').map(
    (step) => ({
      ...step,
      at: 'handshake',
    }),
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

/** Reads steps that are not in a start's list; `at` is the prefix of their places. */
export const readSteps = (steps: readonly JsonValue[], at: string, part = emptyPart()): Step[] =>
  steps.flatMap((step, index) => readStep(checkedStep(step, `${at}.${index + 1}`), `${at}.${index + 1}`, part));

const verbs = Object.keys(stepSchemas) as (keyof GivenSteps)[];
const forms = new Contract({ methods: { results: {}, requests: {}, notifications: {} }, types: stepSchemas });

/** The verb is the key that allows all the others: an `expect-reply` may also have an `error`. */
function verbOf(step: JsonObject): keyof GivenSteps | undefined {
  const there = verbs.filter((verb) => Object.hasOwn(step, verb));
  const allows = (verb: string, other: string) => {
    const form = forms.type(verb);
    return typeof form === 'object' && Object.hasOwn(form.properties ?? {}, other);
  };
  return there.find((verb) => there.every((other) => allows(verb, other)));
}

function checkedStep(value: JsonValue, at: string): GivenStep {
  if (!isObject(value)) throw wrong(at, 'an object', shown(value));
  const verb = verbOf(value);
  if (verb === undefined) throw wrong(at, `one of ${verbs.join(', ')}`, shown(value));
  const problem = checkValue(forms, forms.type(verb), value);
  if (problem !== undefined) throw wrong(`${at}${problem.path}`, problem.expected, problem.got);
  return value as unknown as GivenStep;
}

function readStep(step: GivenStep, at: string, part: Part): Step[] {
  const verb = verbOf(step as unknown as JsonObject) as keyof GivenSteps;
  return (readers[verb] as (step: GivenStep, at: string, part: Part) => Step[])(step, at, part);
}

/** What each step means to the player: a verb without a reader does not compile. */
const readers: { [Verb in keyof GivenSteps]: (step: GivenSteps[Verb], at: string, part: Part) => Step[] } = {
  expect: ({ expect: method, as = method, params, optional = false }, at) => [
    { verb: 'expect', at, method, as, params, optional },
  ],
  'expect-reply': ({ 'expect-reply': to, optional = false, result, error }, at) => {
    const match = { ...(result !== undefined && { result }), ...(error !== undefined && { error }) };
    return [{ verb: 'expect-reply', at, to, match, optional }];
  },
  answer: ({ answer: to, result, id, ...rest }, at) => [{ verb: 'answer', at, to, result, id, saying: sayingOf(rest) }],
  error: ({ error: to, code = -32600, message = 'scripted error', data, body, id, ...rest }, at) => {
    const error = body === undefined ? { code, message, ...(data !== undefined && { data }) } : body;
    return [{ verb: 'error', at, to, error, id, saying: sayingOf(rest) }];
  },
  send: ({ send: method, params, ...rest }, at) => [{ verb: 'send', at, method, params, saying: sayingOf(rest) }],
  request: ({ request: method, as = String(method), params, id, ...rest }, at) => [
    { verb: 'request', at, method, as, params, id, saying: sayingOf(rest) },
  ],
  raw: ({ raw, times = 1, wrong: isWrong = true, ...rest }, at) => [
    { verb: 'raw', at, bytes: bytesOf(raw), times, saying: sayingOf({ ...rest, wrong: isWrong }) },
  ],
  'model-request': ({ 'model-request': n }, at) => [{ verb: 'model-request', at, n }],
  hold: ({ hold: latch, optional = false }, at) => [{ verb: 'hold', at, latch, optional }],
  stderr: ({ stderr, times = 1, optional = false }, at) => [
    { verb: 'stderr', at, bytes: bytesOf(stderr), times, optional },
  ],
  close: ({ close: what }, at) => [{ verb: 'close', at, what }],
  reading: ({ reading }, at) => [{ verb: 'reading', at, paused: reading === 'paused' }],
  hang: ({ hang }, at) => [{ verb: 'hang', at, forEver: hang === 'for-ever' }],
  exit: ({ exit }, at) => [
    typeof exit === 'number'
      ? { verb: 'exit', at, code: exit, signal: null }
      : { verb: 'exit', at, code: null, signal: exit },
  ],
  'any-order': (step, at, part) => [
    {
      verb: 'any-order',
      at,
      sequences: step['any-order'].map((inner, index) => within(inner, `${at}.${index + 1}`, part)),
    },
  ],
  repeat: ({ repeat, steps }, at, part) =>
    Array.from({ length: repeat }, (_, round) => within(steps, `${at}.${round + 1}`, part)).flat(),
  auto: ({ auto }, _at, part) => {
    for (const method of auto) part.auto.add(method);
    return [];
  },
  handshake: (_step, _at, part) => {
    part.byHand = true;
    return [];
  },
  // Answers to runs other than the server's; cli/side-run.ts reads them.
  login: () => [],
  schema: () => [],
  start: (_step, at) => {
    throw wrong(at, 'a start among the steps of the whole script', 'one within a step');
  },
};

const within = (steps: readonly GivenStep[], at: string, part: Part): Step[] =>
  readSteps(steps as unknown as JsonValue[], at, part);

const sayingOf = ({
  wrong: isWrong = false,
  template = true,
  eol = 'lf',
  prefix = '',
  chunks = [],
  wait,
}: Partial<GivenSteps['send']>): Saying => ({
  wrong: isWrong,
  template,
  eol,
  prefix,
  chunks,
  wait,
});

const bytesOf = (value: GivenSteps['raw']['raw']): Bytes => (typeof value === 'string' ? { text: value } : value);

const wrong = (at: string, expected: string, got: string): FakeError =>
  unexpected(`reading step ${at} of the script`, expected, got, { advice: 'See docs/script-format.md' });
