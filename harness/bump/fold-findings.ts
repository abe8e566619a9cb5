import { isObject, type JsonValue } from '../../testing/json/json.ts';
import { keyOfJson } from '../../testing/json/write-json.ts';
import type { ClientId } from '../clients/clients.ts';
import type { Channel } from '../observation/types.ts';
import { exampleOf } from './example-line.ts';
import type { Finding } from './findings.ts';
import { fingerprintOf } from './fingerprint.ts';
import { textHunks } from './text-changes.ts';
import type { Blame, Change, ChangeClass, Direction } from './types.ts';
import { withoutNumbers } from './value-changes.ts';

/** What a scenario shows differently. */
export interface ScenarioFindings {
  scenario: string;
  client: ClientId;
  /** Lines of the observation: the example of a change is the shortest one. */
  lines: number;
  findings: readonly Finding[];
}

interface Seen {
  of: ScenarioFindings;
  finding: Finding;
}

/** The same change in other messages and scenarios. */
interface Class {
  /** Without its values. */
  subject: string;
  seen: Seen[];
  /** How many different pairs of values; more than a few are one change. */
  values: number;
  value: string | undefined;
}

/** More pairs of values than this, in one place, are one change: a number that counts, a list of names. */
const mostValues = 3;

/** Who reads, who writes: what a client's user sees follows from what the client reads. */
const sides: Partial<Record<Channel, string>> = {
  'wire.in': 'read',
  event: 'read',
  result: 'read',
  error: 'read',
  request: 'read',
  end: 'read',
  hang: 'read',
  'wire.out': 'written',
  call: 'written',
};

/** Members that every message has, which say nothing of where in it something is. */
const outer = new Set(['params', 'result', 'payload', 'value', 'body', 'msg']);

/** A change, and what its findings have in common: see `subjectOf`. */
export interface Folded {
  change: Change;
  subject: string;
  /** The values that its findings share, see `valuesOf`; undefined if they do not all have the same. */
  value: string | undefined;
  /** Its findings do not all have the same values. */
  various: boolean;
}

/** Differences of many scenarios as changes: the same one in many places and scenarios is one, with its shortest example. */
export function foldFindings(all: readonly ScenarioFindings[], blame: Blame): Folded[] {
  const bySubject = new Map<string, Map<string, Seen[]>>();
  for (const of of all) {
    const read = of.findings.filter(({ ch, what }) => ch === 'wire.in' && (isEntry(what) || isMember(what)));
    for (const finding of of.findings) {
      // The client hands on what it read, or what its model keeps of it.
      if (finding.ch !== 'wire.in' && read.some((one) => holds(one, finding))) continue;
      const subject = subjectOf(finding);
      const values = valuesOf(finding);
      const known = bySubject.get(subject) ?? new Map<string, Seen[]>();
      bySubject.set(subject, known);
      known.set(values, [...(known.get(values) ?? []), { of, finding }]);
    }
  }
  const classes = [...bySubject].flatMap(([subject, byValues]): Class[] =>
    byValues.size > mostValues
      ? [{ subject, seen: [...byValues.values()].flat(), values: byValues.size, value: undefined }]
      : [...byValues].map(([value, seen]) => ({ subject, seen, values: 1, value })),
  );
  const folded = classes.map((one) => ({
    change: changeOf(one, blame),
    subject: one.subject,
    value: one.value,
    various: one.values > 1,
  }));
  return folded.sort((a, b) => byWeight(a.change, b.change));
}

/** What a change is about, whatever its values and wherever it shows. */
export function subjectOf(finding: Finding): string {
  const { what, ch, key, path } = finding;
  const tail = tailOf(finding);
  // A list alone, such as `data`, is another one in every message.
  const whole = path.length === 0 || (isEntry(what) && tail.length < 2);
  return keyOfJson([
    what,
    sides[ch] ?? ch,
    ...(whole ? [withoutNumbers(key)] : []),
    ...(path.length === 0 ? [] : tail),
  ]);
}

const isEntry = (what: Finding['what']) => what === 'entry-added' || what === 'entry-removed';

const isMember = (what: Finding['what']) => what === 'value-added' || what === 'value-removed';

function holds(read: Finding, given: Finding): boolean {
  const [whole, part] = [read, given].map(({ before, after }) => after ?? before) as [JsonValue, JsonValue];
  if (read.what !== given.what || (isMember(read.what) && read.path.at(-1) !== given.path.at(-1))) return false;
  if (!isObject(whole) || !isObject(part)) return keyOfJson(whole) === keyOfJson(part);
  return Object.entries(part).every(([key, value]) => keyOfJson(value ?? null) === keyOfJson(whole[key] ?? null));
}

const isEntryStep = (step: string | undefined) => step !== undefined && /^[*[]/.test(step);

/** The last two names on the way, enough to recognise a field in whatever message it comes. */
function tailOf({ path, what, key }: Pick<Finding, 'path' | 'what' | 'key'>): string[] {
  const start = path.findIndex((step) => !outer.has(step));
  const inner = path.slice(start < 0 ? path.length - 1 : start).flatMap((step, at, all) => {
    if (step === '*') return [];
    // What is in an entry of `items` is in `item` elsewhere; a member of one of the `data` of `project/list` is one of a `project`.
    const listed =
      isMember(what) && step === 'data' && isEntryStep(all[at + 1]) ? /(\w+)\/list$/.exec(key)?.[1] : undefined;
    return [listed !== undefined || all[at + 1] === '*' ? (listed ?? step).replace(/s$/, '') : step];
  });
  // A member that entries gain or lose is one change, whatever they are called; so are entries that a list has gained.
  const members = isMember(what) ? inner.filter((step) => !step.startsWith('[')) : inner;
  const named = isEntry(what) && members.at(-1)?.startsWith('[') ? members.slice(0, -1) : members;
  if (what !== 'model-request' || named.length <= 3) return named.slice(what === 'model-request' ? -3 : -2);
  // Of a request to the model, the part of it too, and which item of its input or which tool.
  const [part = '', item = ''] = named;
  const last = named.slice(-2);
  const which = part === 'input' && item.startsWith('[') ? [item] : [];
  const tool = named.slice(1, -2).findLast((step) => step.startsWith('['));
  return [
    part,
    ...which,
    ...(tool === undefined || which.includes(tool) || last.includes(tool) ? [] : [tool]),
    ...last,
  ];
}

export function valuesOf({ path, before, after, what }: Finding): string {
  if (path.length === 0 && what !== 'error-changed') return '';
  if (before === undefined || after === undefined) {
    // Of two items that the model is sent or no longer sent, each is a change; a field is the same one with whatever value.
    return what === 'model-request' && path.includes('input')
      ? withoutNumbers(keyOfJson([before ?? null, after ?? null]))
      : '';
  }
  // How far a counter moved depends on the scenario.
  if (what === 'value-changed' && typeof before === 'number' && typeof after === 'number') return '';
  const [left, right] = [before, after].map((value) => withoutNumbers(textOf(value)));
  const { before: gone, after: come } = textHunks(left as string, right as string, 0);
  return keyOfJson([gone, come]);
}

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : keyOfJson(value));

function changeOf({ seen, values }: Class, blame: Blame): Change {
  const [shortest] = [...seen].sort(
    (a, b) => rank(a.finding) - rank(b.finding) || a.of.lines - b.of.lines || (a.of.scenario < b.of.scenario ? -1 : 1),
  ) as [Seen];
  const { finding, of } = shortest;
  const channels = new Set(seen.map((one) => one.finding.ch));
  const keys = new Set(
    seen.filter((one) => one.finding.ch === finding.ch).map((one) => withoutNumbers(one.finding.key)),
  );
  const said = [finding.ch, ...(keys.size === 1 ? keys : []), tailOf(finding).join('.')];
  const place = said.filter((part, at) => part !== '' && part !== said[at - 1]).join(' ');
  const various = values > 1 ? { values } : {};
  const shown = values > 1 ? variousValues(seen) : sidesOf(finding);
  const direction = directionOf(channels);
  const kind = classOf(finding);
  const scenarios = [...new Set(seen.map((one) => one.of.scenario))].sort();
  return {
    fingerprint: fingerprintOf(
      { source: 'behaviour', what: finding.what, place },
      values > 1 ? various : valuesOf(finding),
    ),
    source: 'behaviour',
    class: kind,
    classes: direction === 'none' ? {} : { [direction === 'sent' ? 'sent' : 'received']: kind },
    direction,
    ...{ place, what: finding.what, ...shown },
    messages: [...new Set(seen.map((one) => messageOf(one.finding)))].filter((one) => one !== '').sort(),
    provenBy: scenarios,
    blame,
    scenarios: scenarios.length,
    example: { scenario: of.scenario, client: of.client, ...(namesOf(finding, seen) ?? exampleOf(finding)) },
  };
}

/** Where a list gained or lost entries that have names, those say more than one of the entries. */
function namesOf({ what, ch, key }: Finding, seen: readonly Seen[]): ReturnType<typeof exampleOf> | undefined {
  if (!isEntry(what)) return undefined;
  const names = [...new Set(seen.map(({ finding }) => finding.path.at(-1) ?? '*'))].sort();
  if (names.includes('*')) return undefined;
  const [{ finding }] = seen as [Seen];
  const entry = names.length > 1 ? '' : ` ${textOf(short(finding.after ?? finding.before ?? ''))}`;
  const text = `${ch} ${key}: ${names.map((name) => name.slice(1, -1)).join(', ')}${entry}`;
  return what === 'entry-added' ? { after: text } : { before: text };
}

/** The wire tells more than what the client makes of it. */
const rank = ({ ch }: Finding) => (ch === 'wire.in' || ch === 'wire.out' ? 0 : 1);

function sidesOf({ before, after, path }: Finding): { before?: JsonValue; after?: JsonValue } {
  if (path.length === 0) return {};
  if (typeof before === 'string' && typeof after === 'string') return textHunks(before, after);
  return {
    ...(before !== undefined && { before: short(before) }),
    ...(after !== undefined && { after: short(after) }),
  };
}

function short(value: JsonValue): JsonValue {
  const text = textOf(value);
  return text.length > 400 ? `${text.slice(0, 399)}…` : value;
}

/** A few of many values. */
function variousValues(seen: readonly Seen[]): { before?: JsonValue; after?: JsonValue } {
  const few = (of: (finding: Finding) => JsonValue | undefined) => {
    const all = [...new Set(seen.flatMap(({ finding }) => of(finding) ?? []).map((one) => textOf(short(one))))];
    return all.length === 0 ? undefined : `${all.slice(0, 3).join(' | ')}${all.length > 3 ? ` … (${all.length})` : ''}`;
  };
  const [before, after] = [few((one) => one.before), few((one) => one.after)];
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

const messageOf = ({ ch, key }: Finding): string =>
  ch === 'wire.in' || ch === 'wire.out' || ch === 'event' || ch === 'request'
    ? withoutNumbers(key).replace(/^answer /, '')
    : '';

function directionOf(channels: ReadonlySet<Channel>): Direction {
  const of = new Set([...channels].map((ch) => sides[ch]));
  if (of.has('read')) return of.has('written') ? 'both' : 'received';
  return of.has('written') ? 'sent' : 'none';
}

/** Whether a correct client fails with it, goes on and shows something else, or need not notice. */
function classOf({ what, ch, lineBefore, lineAfter, path }: Finding): ChangeClass {
  if (what === 'hang') return lineAfter === undefined ? 'behaviour' : 'breaking';
  if (what === 'value-removed') return ch === 'model.request' ? 'behaviour' : 'breaking';
  if (what === 'error-changed' && path.length === 0)
    return lineAfter?.body.error === undefined && !failsNow(lineAfter) ? 'behaviour' : 'breaking';
  if (what === 'value-added' && lineBefore !== undefined) return 'additive';
  return 'behaviour';
}

const failsNow = (line: Finding['lineAfter']): boolean =>
  line !== undefined &&
  (line.ch === 'error' ||
    line.ch === 'hang' ||
    (typeof line.body.msg === 'object' && 'error' in (line.body.msg ?? {})));

const weights: Record<ChangeClass, number> = { breaking: 0, behaviour: 1, additive: 2 };

const byWeight = (a: Change, b: Change): number =>
  weights[a.class] - weights[b.class] || b.scenarios - a.scenarios || (a.place < b.place ? -1 : 1);
