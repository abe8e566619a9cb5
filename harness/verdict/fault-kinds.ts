import { isObject } from '../../testing/json/json.ts';
import type { ModelAnswer, ModelPart } from '../../testing/model/model-answer.ts';
import { textAt } from '../normalise/wire-facts.ts';
import { type FaultKind, faultKinds } from '../scenario/coverage-names.ts';
import { errorOf, type FaultEvidence, type Incoming, messageOf } from './fault-evidence.ts';

type Detector = (evidence: FaultEvidence) => boolean;

const said =
  (test: (one: Incoming) => boolean): Detector =>
  ({ incoming }) =>
    incoming.some(test);
const raw = (pattern: RegExp): Detector => said((one) => one.raw !== undefined && pattern.test(one.raw));
const step = (test: (step: Record<string, unknown>) => boolean): Detector => {
  return ({ steps }) => steps.some((one) => test(one as Record<string, unknown>));
};
/** Searched for in what a script sends: no real engine can be made to send it, and its messages are long. */
const text = (pattern: RegExp): Detector => {
  const shows = said(({ msg }) => msg !== undefined && pattern.test(JSON.stringify(msg)));
  return (evidence) => evidence.steps.length > 0 && shows(evidence);
};
const model = (key: 'fail' | 'cut' | 'hang' | 'raw'): Detector => {
  const has = (answer: ModelAnswer | ModelPart): boolean =>
    key in answer || ('parts' in answer && answer.parts !== undefined && answer.parts.some(has));
  return ({ model: answers }) => answers.some(has);
};
const message = (test: (method: string, one: Incoming, evidence: FaultEvidence) => boolean): Detector => {
  return (evidence) =>
    evidence.incoming.some((one) => {
      const found = messageOf(one);
      return found !== undefined && test(found.method, one, evidence);
    });
};
const answer = (test: (one: Incoming, id: unknown) => boolean): Detector =>
  said((one) => one.event === undefined && isObject(one.msg) && test(one, one.msg.id));

const size = (bytes: unknown): number => (typeof bytes === 'string' ? bytes.length : 0);
const turnOf = ({ msg }: Incoming) => textAt(msg, 'params', 'turnId') ?? textAt(msg, 'params', 'turn', 'id');
const hasId = (one: Incoming): boolean => isObject(one.msg) && 'id' in one.msg;

/** What the contract finds wrong with a message that is wrong on purpose. */
const problemOf = (one: Incoming, { contract, types }: FaultEvidence): string | undefined => {
  const found = messageOf(one);
  if (!one.wrong || found === undefined) return undefined;
  const type = contract.methods.serverNotifications[found.method]?.params;
  return type === undefined || type === null ? undefined : types.check(type, found.params)?.message;
};
const unknownValue = /allowed values|exactly one schema|no variant/;
const problem = (test: (problem: string, one: Incoming) => boolean): Detector => {
  return (evidence) =>
    evidence.incoming.some((one) => {
      const found = problemOf(one, evidence);
      return found !== undefined && test(found, one);
    });
};
/** Only a script sends this: turns of sub-agents and goals are not requested either. */
const unknownTurn: Detector = ({ steps, incoming }) => {
  const turns = incoming.map(({ msg, answers }) =>
    answers === 'turn/start' ? textAt(msg, 'result', 'turn', 'id') : undefined,
  );
  return steps.length > 0 && incoming.some((one) => turnOf(one) !== undefined && !turns.includes(turnOf(one)));
};
const namesNobody: Detector = answer(
  (one) => one.answers === 'initialize' && textAt(one.msg, 'result', 'userAgent')?.trim() === '',
);

/** By parts and not with one pattern, which would try each of a hundred thousand characters as a start. */
const longText: Detector = ({ steps, incoming }) =>
  steps.length > 0 &&
  incoming.some(({ msg }) => {
    const parts = msg === undefined ? [] : JSON.stringify(msg).split('"');
    return parts.some((part) => part.length >= 100_000 || /^<sha256:[0-9a-f]+ of \d{6,}>$/.test(part));
  });

/** Of a long line, a golden has the hash alone: it is half a line where the engine died in it. */
const longHalfLine: Detector = (evidence) =>
  evidence.exits.length > 0 && step((one) => 'raw' in one)(evidence) && raw(/^<sha256:[0-9a-f]+ of \d+>$/)(evidence);

/** How each kind of fault shows in a run. */
const detectors: Record<FaultKind, Detector> = {
  'model-fail': model('fail'),
  'model-cut': model('cut'),
  'model-hang': model('hang'),
  'model-garbage': model('raw'),
  crash: (evidence) => step((one) => 'exit' in one)(evidence) && evidence.exits.length > 0,
  kill: ({ marks }) => marks.some((mark) => mark.startsWith('killed')),
  hang: step((one) => one.hang === 'until-closed'),
  'ignored-close': step((one) => one.hang === 'for-ever'),
  'half-line': (evidence) => raw(/^\{.*[^}]$/s)(evidence) || longHalfLine(evidence),
  'split-line': step((one) => one.chunks !== undefined && one.wait === undefined),
  'slow-writer': step((one) => one.chunks !== undefined && one.wait !== undefined),
  'slow-reader': step((one) => one.reading === 'paused'),
  garbage: raw(/^(?!base64:|<a line of )[^{[\s\ufeff]|^\{[^}]*$/),
  'invalid-utf8': raw(/^base64:/),
  'blank-line': raw(/^\s*$/),
  'oversized-line': (evidence) => raw(/^<a line of \d{6,} |.{100000}/s)(evidence) || longText(evidence),
  'stderr-flood': step((one) => size(one.stderr) * Number(one.times ?? 1) > 65_536),
  'bad-stderr': step((one) => isObject(one.stderr as never)),
  'early-notification': message((_method, one) => one.beforeTurnAnswer && !hasId(one) && turnOf(one) !== undefined),
  'early-completion': message((method, one) => one.beforeTurnAnswer && method === 'turn/completed'),
  'duplicate-id': answer((one) => one.again === true),
  'unknown-id': (evidence) => answer((one) => one.answers === undefined)(evidence) || unknownTurn(evidence),
  'numeric-id': answer((one, id) => one.answers === undefined && typeof id === 'number'),
  overload: said((one) => errorOf(one) !== undefined && /server_overloaded/i.test(JSON.stringify(one.msg))),
  'retry-limit': said(
    (one) => errorOf(one) !== undefined && /retry limit|too many failed/i.test(JSON.stringify(one.msg)),
  ),
  bom: raw(/^\ufeff/),
  'array-line': said(({ msg }) => Array.isArray(msg)),
  'scalar-line': said(({ msg }) => msg === null || (msg !== undefined && typeof msg !== 'object')),
  'two-on-a-line': raw(/\}\s*\{"/),
  'no-newline': step((one) => one.eol === 'none'),
  crlf: step((one) => one.eol === 'crlf'),
  'line-separator': text(/[\u2028\u2029\u0085]/),
  'lone-surrogate': text(/\\ud[89a-f]/i),
  'closed-stdin': step((one) => one.close === 'stdin'),
  'closed-stdout': step((one) => one.close === 'stdout'),
  'error-code': said((one) => {
    const code = (errorOf(one)?.error as { code?: unknown } | undefined)?.code;
    return code !== undefined && code !== -32600;
  }),
  'error-shape': said((one) => {
    const found = errorOf(one);
    return found !== undefined && (!isObject(found.error) || typeof found.error.message !== 'string');
  }),
  'result-shape': answer((one) => one.wrong && one.answers !== undefined && errorOf(one) === undefined),
  'unknown-method': message((method, one, { contract }) => hasId(one) && !(method in contract.methods.serverRequests)),
  'unknown-notification': message(
    (method, one, { contract }) => !hasId(one) && !(method in contract.methods.serverNotifications),
  ),
  'unknown-item': problem((found) => /no variant/.test(found)),
  'unknown-enum': problem((found) => unknownValue.test(found) && !/no variant/.test(found)),
  'bad-payload': (evidence) => problem((found) => !unknownValue.test(found))(evidence) || namesNobody(evidence),
  // A golden has placeholders for the ids.
  'request-id': step((one) => 'request' in one && one.id !== undefined && !Number.isInteger(one.id)),
};

/** The kinds of fault that the run shows. */
export function faultsShown(evidence: FaultEvidence): Set<FaultKind> {
  return new Set(faultKinds.filter((kind) => detectors[kind](evidence)));
}
