import { isObject, type JsonValue } from '../../../testing/json/json.ts';
import { writeJson } from '../../../testing/json/write-json.ts';
import type { ScriptStep } from '../../../testing/play/script-types.ts';
import type { Family } from '../../clients/clients.ts';
import type { GoldenScript, Position } from './script-of-golden.ts';

/** What a fault makes of the place where it strikes. */
export interface Struck {
  /** In place of the message's step, or before it. */
  put: ScriptStep[];
  /** Nothing is played after it. */
  ends?: true;
  /** It needs a step of the scenario that releases `late`, once the user can do nothing more without it. */
  late?: true;
  /** The engine is gone: a user who is about to ask it something waits for that first, or the two would race. */
  dies?: true;
  /** Also takes the place of the message that follows. */
  andNext?: true;
}

export interface Where {
  position: Position;
  /** The step of the message; undefined at the end of an engine. */
  step: ScriptStep | undefined;
  /** The step after it, where that is a message of the engine too. */
  next: ScriptStep | undefined;
  family: Family;
}

export interface Fault {
  title: string;
  /** Undefined where it cannot strike. */
  strike(where: Where): Struck | undefined;
  /** No client of Python plays it, and why: what it makes of it is chance. */
  notPython?: string;
}

/** The latch of faults that come late. */
export const lateLatch = 'late';

/** A message of the engine, which can be changed. */
type Said = Extract<ScriptStep, { answer: string } | { error: string } | { send: JsonValue } | { request: JsonValue }>;

const isSaid = (step: ScriptStep | undefined): step is Said =>
  step !== undefined &&
  ('answer' in step || ('error' in step && !('expect-reply' in step)) || 'send' in step || 'request' in step);

/**
 * What comes before a message of the engine, or once a message of the client has been heard: before that, it would be a race with the call that sends it. What
 * the engine says next has this place too.
 */
const before =
  (...steps: ScriptStep[]): Fault['strike'] =>
  ({ position, step, next }) => {
    if (position.from !== 'client') return { put: [...steps, ...(step === undefined ? [] : [step])] };
    return step === undefined || (next !== undefined && steps.length > 0) ? undefined : { put: [step, ...steps] };
  };

const beforeOfServer =
  (...steps: ScriptStep[]): Fault['strike'] =>
  (where) =>
    where.family === 'exec' ? undefined : before(...steps)(where);

/** The engine falls silent: only once it has heard what the client sends there, or it would still be answered. */
const silence =
  (...steps: ScriptStep[]): Fault['strike'] =>
  ({ position, step }) =>
    position.from === 'client'
      ? steps.length === 1
        ? undefined
        : { put: [...steps.slice(0, -1), ...(step === undefined ? [] : [step]), ...steps.slice(-1)], ends: true }
      : { put: steps, ends: true };

/**
 * The engine ends here: once it has heard the first message, since a script without that one plays the whole opening by
 * itself.
 */
const end =
  (...steps: ScriptStep[]): Fault['strike'] =>
  ({ position, step }) => ({
    put: [...(position.message === 'initialize' && step !== undefined ? [step] : []), ...steps],
    ends: true,
    dies: true,
  });

/** Another message in place of this one. */
const instead =
  (change: (step: Said) => ScriptStep | ScriptStep[] | undefined): Fault['strike'] =>
  ({ step }) => {
    const put = isSaid(step) ? change(step) : undefined;
    return put === undefined ? undefined : { put: [put].flat() };
  };

const changed = (change: (step: Said) => Partial<Said>): Fault['strike'] =>
  instead((step) => ({ ...step, ...change(step) }) as ScriptStep);

/** What the engine would write, without what only the client knows (the id of its request). */
function textOf(step: Said): string {
  if ('answer' in step) return writeJson({ result: step.result ?? null });
  if ('send' in step) return writeJson({ method: step.send, params: step.params ?? null });
  if ('request' in step) return writeJson({ id: step.id ?? 0, method: step.request, params: step.params ?? null });
  return writeJson({ error: step.body ?? null });
}

const half = (step: Said): string => {
  const text = textOf(step);
  // A reference that is cut would be none; what a script says for itself is cut before it.
  const cut = text.slice(0, Math.ceil(text.length / 2));
  return cut.slice(0, cut.includes('${') ? cut.indexOf('${') : undefined).replace(/\$$/, '') || '{';
};

const bytes = (step: Said): number => Math.max(1, Math.floor(Buffer.byteLength(textOf(step)) / 2));

const otherId = '01900000-0000-7000-8000-0000000000ff';
const idKeys = new Set(['threadId', 'turnId', 'itemId', 'expectedTurnId', 'thread_id']);

/** Ids of another thread, turn and item; undefined where it names none. */
function ofAnother(value: JsonValue | undefined): JsonValue | undefined {
  let changed = false;
  const visit = (at: JsonValue, key = '', inside = ''): JsonValue => {
    const isId = idKeys.has(key) || (key === 'id' && ['thread', 'turn', 'item'].includes(inside));
    if (isId && typeof at === 'string') {
      changed = true;
      return otherId;
    }
    if (Array.isArray(at)) return at.map((one) => visit(one, '', inside));
    if (!isObject(at)) return at;
    return Object.fromEntries(Object.entries(at).map(([name, one]) => [name, visit(one, name, key)]));
  };
  const made = value === undefined ? undefined : visit(value);
  return changed ? made : undefined;
}

const contentOf = (step: Said): JsonValue | undefined => {
  if ('answer' in step) return step.result;
  return 'error' in step ? step.body : step.params;
};

const withContent = (step: Said, content: JsonValue | undefined): Said => {
  const key = 'answer' in step ? 'result' : 'error' in step ? 'body' : 'params';
  const { [key as 'params']: _old, ...rest } = step as { params?: JsonValue };
  return { ...rest, ...(content !== undefined && { [key]: content }), template: false, wrong: true } as Said;
};

/** Every text and number of the wrong type, at the first level. */
const mistyped = (value: JsonValue | undefined): JsonValue =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? 7 : 'seven']))
    : [7];

/** Half a character at the end of everything that is said; undefined where nothing is. */
function withSurrogates(value: JsonValue | undefined): JsonValue | undefined {
  let changed = false;
  const visit = (at: JsonValue, key = ''): JsonValue => {
    if (typeof at === 'string' && (key === 'text' || key === 'delta')) {
      changed = true;
      return `${at}\ud800`;
    }
    if (Array.isArray(at)) return at.map((one) => visit(one));
    return isObject(at) ? Object.fromEntries(Object.entries(at).map(([name, one]) => [name, visit(one, name)])) : at;
  };
  const made = value === undefined ? undefined : visit(value);
  return changed ? made : undefined;
}

/** Everything that a script can make an engine do wrong, and what is unusual but right. */
export const faults = {
  none: { title: 'nothing: the golden as it is', strike: before() },

  'garbage-line': { title: 'a line that is not JSON', strike: before({ raw: 'this is not JSON\n' }) },
  'garbage-flood': { title: 'ten thousand lines that are not JSON', strike: before({ raw: 'noise\n', times: 10_000 }) },
  'invalid-utf8': {
    title: 'a line of bytes that are no UTF-8',
    strike: before({ raw: { base64: 'Ijr/Igo=' } }),
    notPython:
      'Python decodes what one read gives: how many lines before it are lost is chance (faults/invalid-utf8 has it by itself)',
  },
  'blank-lines': { title: 'two blank lines', strike: before({ raw: '\n', times: 2 }) },
  'list-line': { title: 'a line that is a list', strike: before({ raw: '[1,2]\n' }) },
  'null-line': { title: 'a line that is null', strike: before({ raw: 'null\n' }) },
  'empty-object': { title: 'a line that is an empty object', strike: before({ raw: '{}\n' }) },
  'lone-surrogate': {
    title: 'a line with half a character',
    strike: before({ raw: '{"method":"\\ud800","params":{}}\n' }),
  },
  'long-line': {
    title: 'a line of a hundred thousand characters that nobody knows',
    strike: before({ raw: '{"method":"mystery","params":{"text":"' }, { raw: 'x', times: 100_000 }, { raw: '"}}\n' }),
  },

  'exit-zero': { title: 'exits with 0', strike: end({ exit: 0 }) },
  'exit-code': { title: 'exits with 101', strike: end({ exit: 101 }) },
  'exit-told': { title: 'says why on stderr and exits with 1', strike: end({ stderr: 'panicked\n' }, { exit: 1 }) },
  killed: { title: 'is killed', strike: end({ exit: 'SIGKILL' }) },
  crash: { title: 'crashes by a signal', strike: end({ exit: 'SIGSEGV' }) },
  silence: { title: 'falls silent until its input is closed', strike: silence({ hang: 'until-closed' }) },
  'silence-for-ever': { title: 'falls silent, and only SIGKILL ends it', strike: silence({ hang: 'for-ever' }) },
  'closed-stdout': {
    title: 'closes its output and lives on',
    strike: silence({ close: 'stdout' }, { hang: 'until-closed' }),
  },
  'closed-stdin': { title: 'closes its input and continues', strike: before({ close: 'stdin' }) },
  'not-reading': { title: 'reads no more, and continues', strike: before({ reading: 'paused' }) },
  'reading-late': {
    title: 'reads nothing until the user can do no more',
    strike: ({ step }) => ({
      put: [
        { reading: 'paused' },
        { hold: lateLatch, optional: true },
        { reading: 'resumed' },
        ...(step === undefined ? [] : [step]),
      ],
      late: true,
    }),
  },
  'stderr-line': { title: 'writes a line on stderr', strike: before({ stderr: 'a line of log\n', optional: true }) },
  'stderr-flood': {
    title: 'writes 300,000 bytes on stderr',
    strike: before({ stderr: 'a line of log that nobody reads\n', times: 9_400, optional: true }),
  },
  'unknown-notification': {
    title: 'sends a notification that nobody knows',
    strike: before({ send: 'mystery/told', params: { threadId: otherId }, wrong: true }),
  },
  'unknown-request': {
    title: 'asks what nobody knows',
    strike: beforeOfServer({ request: 'mystery/ask', id: 'mystery', params: { question: 'why' }, wrong: true }),
  },
  'answer-to-nobody': {
    title: 'answers a request that nobody made',
    strike: beforeOfServer(
      { raw: '{"id":"nobody","result":{}}\n' },
      { raw: '{"id":null,"error":{"code":1,"message":"to nobody"}}\n' },
    ),
  },
  flood: {
    title: 'sends three hundred notifications at once',
    strike: ({ step, family }) => {
      const many: ScriptStep | undefined =
        step !== undefined && 'send' in step
          ? step
          : family === 'exec'
            ? undefined
            : { send: 'deprecationNotice', params: { summary: 'soon gone' } };
      return many && { put: [{ repeat: 300, steps: [many] }, ...(step === undefined ? [] : [step])] };
    },
  },

  lost: { title: 'is lost', strike: instead(() => []) },
  twice: { title: 'comes twice', strike: instead((step) => [step, { ...step, wrong: true }]) },
  swapped: {
    title: 'comes after the next',
    strike: ({ step, next }) =>
      isSaid(step) && isSaid(next)
        ? {
            put: [
              { ...next, wrong: true },
              { ...step, wrong: true },
            ],
            andNext: true,
          }
        : undefined,
  },
  late: {
    title: 'comes when the user can do nothing more without it',
    strike: ({ step }) => (isSaid(step) ? { put: [{ hold: lateLatch, optional: true }, step], late: true } : undefined),
  },
  'in-two-parts': {
    title: 'comes in two parts, the second when the user can do nothing more without it',
    strike: ({ step }) =>
      isSaid(step) ? { put: [{ ...step, chunks: [bytes(step)], wait: lateLatch }], late: true } : undefined,
  },
  'byte-by-byte': { title: 'comes byte by byte', strike: changed(() => ({ chunks: 'every-byte' })) },
  'cut-and-exit': {
    title: 'breaks off in the middle, and the engine exits',
    strike: ({ step }) =>
      isSaid(step) ? { put: [{ raw: half(step) }, { exit: 0 }], ends: true, dies: true } : undefined,
  },
  'cut-and-silence': {
    title: 'breaks off in the middle, and nothing more comes',
    strike: ({ step }) =>
      isSaid(step) ? { put: [{ raw: half(step) }, { hang: 'until-closed' }], ends: true } : undefined,
  },
  'cut-line': {
    title: 'breaks off in the middle, and the next line follows',
    strike: instead((step) => ({ raw: `${half(step)}\n` })),
  },
  'open-line': { title: 'has no end of line', strike: changed(() => ({ eol: 'none', wrong: true })) },
  crlf: { title: 'ends with CR LF', strike: changed(() => ({ eol: 'crlf' })) },
  prefixed: { title: 'has words before it on its line', strike: changed(() => ({ prefix: 'log: ', wrong: true })) },
  'byte-order-mark': {
    title: 'has a byte order mark before it',
    strike: changed(() => ({ prefix: '\u{FEFF}', wrong: true })),
  },
  'spaces-around': { title: 'has spaces before it on its line', strike: changed(() => ({ prefix: '  \t' })) },
  'without-content': { title: 'has no content', strike: instead((step) => withContent(step, undefined)) },
  'null-content': { title: 'has null as its content', strike: instead((step) => withContent(step, null)) },
  'empty-content': { title: 'has an empty object as its content', strike: instead((step) => withContent(step, {})) },
  mistyped: {
    title: 'has content of the wrong types',
    strike: instead((step) => withContent(step, mistyped(contentOf(step)))),
  },
  surrogates: {
    title: 'has half a character in its texts',
    strike: instead((step) => {
      const content = withSurrogates(contentOf(step));
      return content === undefined ? undefined : withContent(step, content);
    }),
  },
  'of-another': {
    title: 'is about another thread, turn or item',
    strike: instead((step) => {
      const content = ofAnother(contentOf(step));
      return content === undefined ? undefined : withContent(step, content);
    }),
  },
  'unknown-method': {
    title: 'has a method that nobody knows',
    strike: instead((step) => {
      if ('send' in step) return { ...step, send: `${String(step.send)}/mystery`, wrong: true };
      return 'request' in step ? { ...step, request: 'mystery/ask', wrong: true } : undefined;
    }),
  },
  'method-no-text': {
    title: 'has a number as its method',
    strike: instead((step) => {
      if ('send' in step) return { ...step, send: 7, wrong: true };
      return 'request' in step ? { ...step, request: 7, wrong: true } : undefined;
    }),
  },
  'wrong-id': {
    title: 'answers with an id that nobody used',
    strike: instead((step) =>
      'answer' in step || 'error' in step ? { ...step, id: 'nobody', wrong: true } : undefined,
    ),
  },
  'null-id': {
    title: 'has null as its id',
    strike: instead((step) =>
      'answer' in step || 'error' in step || 'request' in step ? { ...step, id: null, wrong: true } : undefined,
    ),
  },
  'id-used-again': {
    title: 'asks twice with one id',
    strike: instead((step) =>
      'request' in step ? [step, { ...step, as: `${step.as ?? step.request}-again`, wrong: true }] : undefined,
    ),
  },
  refused: {
    title: 'is an error in place of an answer',
    strike: instead((step) =>
      'answer' in step ? { error: step.answer, code: -32600, message: 'not today', data: { why: 'swept' } } : undefined,
    ),
  },
  'internal-error': {
    title: 'is an internal error in place of an answer',
    strike: instead((step) => ('answer' in step ? { error: step.answer, code: -32603, message: 'broken' } : undefined)),
  },
  'odd-error': {
    title: 'is an error of no known form in place of an answer',
    strike: instead((step) => ('answer' in step ? { error: step.answer, body: 'broken', wrong: true } : undefined)),
  },
  overloaded: {
    title: 'is a sign of overload in place of an answer',
    strike: instead((step) =>
      'answer' in step ? { error: step.answer, code: -32001, message: 'busy', data: 'server_overloaded' } : undefined,
    ),
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];

/** A script with a fault at one of its positions; undefined where it cannot strike. */
export function strike(
  { steps, positions }: GoldenScript,
  index: number,
  name: FaultName,
  family: Family,
): (Struck & { script: ScriptStep[] }) | undefined {
  const position = positions[index] as Position;
  const following = positions[index + 1];
  const step = position.from === 'nobody' ? undefined : steps[position.step];
  const next = following?.from === 'engine' && following.step === position.step + 1 ? steps[following.step] : undefined;
  const fault: Fault = faults[name];
  const struck = fault.strike({ position, step, next, family });
  if (struck === undefined) return undefined;
  // At the end of an engine, what comes next is how it ends.
  const skipped = (step === undefined ? 0 : 1) + (struck.andNext ? 1 : 0);
  const nextStart = steps.findIndex((one, at) => at >= position.step && 'start' in one);
  const rest = struck.ends ? (nextStart === -1 ? [] : steps.slice(nextStart)) : steps.slice(position.step + skipped);
  return { ...struck, script: [...steps.slice(0, position.step), ...struck.put, ...rest] };
}
