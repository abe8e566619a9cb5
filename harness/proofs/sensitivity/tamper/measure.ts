import { setImmediate } from 'node:timers/promises';
import { BodyError } from '../../../../testing/model/model-request.ts';
import { differs } from '../../../compare/compare.ts';
import { DriverProtocolError } from '../../../driver/parse-message.ts';
import { hydrate } from '../../../golden/hydrate.ts';
import { NormaliseCache } from '../../../normalise/cache.ts';
import { normalise } from '../../../normalise/normalise.ts';
import { readLine } from '../../../normalise/read-line.ts';
import { rules as allRules } from '../../../normalise/rules/index.ts';
import type { NormalisedObservation, RuleSet } from '../../../normalise/types.ts';
import type { Observation, ObservationLine } from '../../../observation/types.ts';
import { addFigures, type Flagged, noFigures } from './flagged.ts';
import { rawLinesOf } from './raw-line.ts';
import { meanings, type Reader, type TamperClass, type Tampering, tamperClasses, tamperingsOf } from './tamperings.ts';

/** A change that compared as equal with the golden. */
export interface HiddenTampering {
  scenario: string;
  /** Line of the golden file. */
  line: number;
  ch: string;
  key: string;
  /** JSON pointer into the line's body; empty for the whole line. */
  path: string;
  class: TamperClass;
  how: string;
  /** What let it pass: a rule's name (several joined with `+` if each hides it alone), what the change means, or `no rule`. */
  rule: string;
}

export interface SensitivityMeasure extends Flagged {
  /** By class of the change, without those that were loosened. */
  classes: Record<TamperClass, { tampered: number; flagged: number }>;
  /** What passed and should not have. */
  hidden: HiddenTampering[];
  /** What passed by a named rule. */
  passed: HiddenTampering[];
}

export interface MeasureOptions {
  /** Normalising rules other than the harness's own; the goldens are then read as these rules make them. */
  rules?: RuleSet;
  /** Another reader of tampered lines than a run's. */
  read?: Reader;
  /** How many changes to make to one golden, spread over all possible ones. Default: all. */
  most?: number;
  signal?: AbortSignal;
}

/** What hides a change that no rule hides: the binding of ids, a reader, the comparison itself. */
const noRule = 'no rule';

/**
 * Changes every golden in every way (see `TamperClass`), in the bytes of its lines as the engine, the client or the
 * driver writes them, and counts what the run's readers, `normalise` and `compare` flag. What is flagged, and with which
 * difference, does not involve the ledger or the verdict: this measures only the comparison.
 * @throws the signal's reason, between two goldens
 */
export async function measureSensitivity(
  goldens: readonly NormalisedObservation[],
  { rules = allRules, read, most = Number.POSITIVE_INFINITY, signal }: MeasureOptions = {},
): Promise<SensitivityMeasure> {
  const measured = nothing();
  const loosening = looseningOf(rules);
  for (const golden of goldens) {
    signal?.throwIfAborted();
    for (const [tampering, hidden] of judgeTamperings(golden, rules, read, most))
      add(measured, tampering, hidden, loosening);
    // This takes seconds; signals must be handled in between.
    await setImmediate();
  }
  return measured;
}

const none = () => ({ tampered: 0, flagged: 0 });

const nothing = (): SensitivityMeasure => ({
  ...none(),
  loosened: {},
  classes: Object.fromEntries(tamperClasses.map((one) => [one, none()])) as SensitivityMeasure['classes'],
  hidden: [],
  passed: [],
});

/** The names of what may let a change pass. */
const looseningOf = ({ line, value }: RuleSet): ReadonlySet<string> =>
  new Set([...meanings, ...[...line, ...value].flatMap(({ name, loosens }) => (loosens === true ? [name] : []))]);

function add(
  measured: SensitivityMeasure,
  tampering: Tampering,
  hidden: HiddenTampering | undefined,
  loosening: ReadonlySet<string>,
): void {
  if (hidden?.rule.split('+').every((rule) => loosening.has(rule)) === true) {
    measured.loosened[hidden.rule] = (measured.loosened[hidden.rule] ?? 0) + 1;
    measured.passed.push(hidden);
    return;
  }
  const its = measured.classes[tampering.class];
  for (const count of [measured, its]) {
    count.tampered += 1;
    if (hidden === undefined) count.flagged += 1;
  }
  if (hidden !== undefined) measured.hidden.push(hidden);
}

/** Several measures as one. */
export function addUp(measures: readonly SensitivityMeasure[]): SensitivityMeasure {
  const all = { ...nothing(), ...measures.reduce<Flagged>(addFigures, noFigures) };
  for (const { classes, hidden, passed } of measures) {
    for (const one of tamperClasses) {
      all.classes[one].tampered += classes[one].tampered;
      all.classes[one].flagged += classes[one].flagged;
    }
    all.hidden.push(...hidden);
    all.passed.push(...passed);
  }
  return all;
}

function* judgeTamperings(
  golden: NormalisedObservation,
  rules: RuleSet,
  reader: Reader | undefined,
  most: number,
): Generator<[Tampering, HiddenTampering | undefined]> {
  const hydrated = hydrate(golden);
  const { header } = hydrated;
  const observation = reader === undefined ? hydrated : { header, lines: hydrated.lines.flatMap(readBy(reader)) };
  const cache = new NormaliseCache(rules);
  const reference = normalise(observation, cache);
  const context = { header };
  const read = (line: ObservationLine | undefined) => (line === undefined ? undefined : readLine(line, context, rules));
  const attribution = new Attribution(observation, rules);
  const volatile = (line: ObservationLine) => read(line)?.read?.volatile ?? [];
  const input = { observation, written: hydrated.lines, reference, volatile, ...(reader && { read: reader }) };
  for (const tampering of spread(() => tamperingsOf(input), most, seedOf(golden.header.scenario))) {
    const lines = linesOf(tampering);
    // A line that the run's reader refuses ends its cell.
    if (lines === undefined || differs(reference, normalise({ header, lines }, cache))) {
      yield [tampering, undefined];
      continue;
    }
    const { ch, key } = reference.lines[tampering.line] as { ch: string; key: string };
    const fired = [observation.lines[tampering.line], lines[tampering.line]].flatMap((line) => [
      ...(read(line)?.fired.keys() ?? []),
    ]);
    const { line, path, class: kind, how } = tampering;
    const named = attribution.ruleOf(lines, fired);
    const rule = named === noRule ? (tampering.means ?? named) : named;
    yield [tampering, { scenario: golden.header.scenario, line: line + 2, ch, key, path, class: kind, how, rule }];
  }
}

/** What is not tampered with is read in the same way. */
const readBy = (read: Reader) => (line: ObservationLine) => {
  const [raw] = rawLinesOf(line);
  return raw === undefined ? [line] : read(raw, raw.bytes, true);
};

function linesOf(tampering: Tampering): ObservationLine[] | undefined {
  try {
    return tampering.lines();
  } catch (error) {
    if (error instanceof DriverProtocolError || error instanceof BodyError) return undefined;
    throw error;
  }
}

/** Another one for each golden, so that samples of many begin with different changes. */
const seedOf = (scenario: string): number => [...scenario].reduce((sum, char) => sum + char.charCodeAt(0), 0);

/**
 * At most `most` of the values of `all`, evenly spread. Making a change is cheap compared with judging it, so changes
 * are made twice and not kept.
 */
function* spread<T>(all: () => Iterable<T>, most: number, seed: number): Generator<T> {
  let count = 0;
  if (Number.isFinite(most)) for (const _ of all()) count += 1;
  const step = Math.max(1, Math.ceil(count / most));
  let index = 0;
  for (const each of all()) {
    if (index % step === seed % step) yield each;
    index += 1;
  }
}

/** Finds the rule that hid a change: the one without which it shows. */
class Attribution {
  readonly #rules: RuleSet;
  readonly #observation: Observation;
  readonly #without = new Map<string, { cache: NormaliseCache; reference: NormalisedObservation }>();

  constructor(observation: Observation, rules: RuleSet) {
    this.#observation = observation;
    this.#rules = rules;
  }

  /**
   * @param fired names of the rules that applied to the changed line
   * @returns a rule's name; several joined with `+` if each hides it alone; `no rule`
   */
  ruleOf(lines: ObservationLine[], fired: readonly string[]): string {
    const names = [...new Set(fired)];
    const one = names.find((name) => this.#shows(lines, new Set([name])));
    if (one !== undefined) return one;
    if (names.length > 1 && this.#shows(lines, new Set(names))) return names.join('+');
    return noRule;
  }

  #shows(lines: ObservationLine[], without: ReadonlySet<string>): boolean {
    const name = [...without].join();
    const known = this.#without.get(name) ?? this.#readWithout(without);
    this.#without.set(name, known);
    const { header } = this.#observation;
    return differs(known.reference, normalise({ header, lines }, known.cache));
  }

  #readWithout(names: ReadonlySet<string>): { cache: NormaliseCache; reference: NormalisedObservation } {
    const cache = new NormaliseCache(rulesWithout(this.#rules, names));
    return { cache, reference: normalise(this.#observation, cache) };
  }
}

const rulesWithout = ({ line, value }: RuleSet, names: ReadonlySet<string>): RuleSet => ({
  line: line.filter(({ name }) => !names.has(name)),
  value: value.filter(({ name }) => !names.has(name)),
});
