import { setImmediate } from 'node:timers/promises';
import { differs } from '../../../compare/compare.ts';
import { hydrate } from '../../../golden/hydrate.ts';
import { NormaliseCache } from '../../../normalise/cache.ts';
import { normalise } from '../../../normalise/normalise.ts';
import { readLine } from '../../../normalise/read-line.ts';
import { rules as allRules } from '../../../normalise/rules/index.ts';
import type { NormalisedObservation, RuleSet } from '../../../normalise/types.ts';
import type { Observation, ObservationLine } from '../../../observation/types.ts';
import { type TamperClass, type Tampering, tamperingsOf } from './tamperings.ts';

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
  /** The normalising rule, or the mechanism, that hid it. */
  rule: string;
}

export interface Tally {
  tampered: number;
  flagged: number;
  hiddenBy: Record<string, number>;
  hidden: HiddenTampering[];
}

export interface SensitivityMeasure extends Tally {
  /** The flagged share, 0 to 1. */
  share: number;
  classes: Record<'leaf' | 'presence' | 'order', { tampered: number; flagged: number }>;
  /**
   * Volatile values with the smallest change, as another run would have them. Not in the figures above: no comparison
   * may flag them all.
   */
  least: Tally;
}

export interface MeasureOptions {
  /** Normalising rules other than the harness's own; the goldens are then read as these rules make them. */
  rules?: RuleSet;
  /** How many changes to make to one golden, evenly spread over all possible ones. Default: all. */
  most?: number;
  signal?: AbortSignal;
}

/** The share that the comparison must flag. */
export const leastShare = 0.99;

/**
 * Changes every golden in every way (see `TamperClass`) and counts what `normalise` and `compare` flag. What is
 * flagged, and with which difference, does not involve the ledger or the verdict: this measures only the comparison.
 * @throws the signal's reason, between two goldens
 */
export async function measureSensitivity(
  goldens: readonly NormalisedObservation[],
  { rules = allRules, most = Number.POSITIVE_INFINITY, signal }: MeasureOptions = {},
): Promise<SensitivityMeasure> {
  const classes = { leaf: none(), presence: none(), order: none() };
  const counted = emptyTally();
  const least = emptyTally();
  for (const golden of goldens) {
    signal?.throwIfAborted();
    for (const { tampering, hidden } of judgeTamperings(golden, rules, most)) {
      const tally = tampering.class === 'least' ? least : counted;
      add(tally, hidden);
      if (tampering.class !== 'least') add(classes[tampering.class], hidden);
    }
    // This takes seconds; signals must be handled in between.
    await setImmediate();
  }
  return { ...counted, share: counted.tampered === 0 ? 0 : counted.flagged / counted.tampered, classes, least };
}

function* judgeTamperings(
  golden: NormalisedObservation,
  rules: RuleSet,
  most: number,
): Generator<{ tampering: Tampering; hidden: HiddenTampering | undefined }> {
  const observation = hydrate(golden);
  const { header } = observation;
  const cache = new NormaliseCache(rules);
  const reference = normalise(observation, cache);
  const context = { header };
  const read = (line: ObservationLine | undefined) => (line === undefined ? undefined : readLine(line, context, rules));
  const attribution = new Attribution(observation, rules);
  const volatile = (line: ObservationLine) => read(line)?.read?.volatile ?? [];
  for (const tampering of spread(() => tamperingsOf({ observation, reference, volatile }), most)) {
    const flagged = differs(reference, normalise({ header, lines: tampering.lines }, cache));
    const { ch, key } = reference.lines[tampering.line] as { ch: string; key: string };
    yield {
      tampering,
      hidden: flagged
        ? undefined
        : {
            scenario: golden.header.scenario,
            line: tampering.line + 2,
            ch,
            key,
            path: tampering.path,
            class: tampering.class,
            how: tampering.how,
            rule: attribution.ruleOf(tampering, [
              ...(read(observation.lines[tampering.line])?.fired.keys() ?? []),
              ...(read(tampering.lines[tampering.line])?.fired.keys() ?? []),
            ]),
          },
    };
  }
}

/**
 * At most `most` of the values of `all`, evenly spread. Making a change is cheap compared with judging it, so changes
 * are made twice and not kept.
 */
function* spread<T>(all: () => Iterable<T>, most: number): Generator<T> {
  let count = 0;
  if (Number.isFinite(most)) for (const _ of all()) count += 1;
  const step = Math.max(1, Math.ceil(count / most));
  let index = 0;
  for (const each of all()) {
    if (index % step === 0) yield each;
    index += 1;
  }
}

const none = () => ({ tampered: 0, flagged: 0 });
const emptyTally = (): Tally => ({ ...none(), hiddenBy: {}, hidden: [] });

function add(tally: { tampered: number; flagged: number } & Partial<Tally>, hidden: HiddenTampering | undefined): void {
  tally.tampered += 1;
  if (hidden === undefined) {
    tally.flagged += 1;
    return;
  }
  if (tally.hiddenBy !== undefined) tally.hiddenBy[hidden.rule] = (tally.hiddenBy[hidden.rule] ?? 0) + 1;
  tally.hidden?.push(hidden);
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
   * @returns a rule's name; several joined with `+` if each hides it alone; `ids` if the binding of ids hides it
   */
  ruleOf(tampering: Tampering, fired: readonly string[]): string {
    const names = [...new Set(fired)];
    const one = names.find((name) => this.#shows(tampering, new Set([name])));
    if (one !== undefined) return one;
    if (names.length > 1 && this.#shows(tampering, new Set(names))) return names.join('+');
    return 'ids';
  }

  #shows(tampering: Tampering, without: ReadonlySet<string>): boolean {
    const name = [...without].join();
    const known = this.#without.get(name) ?? this.#readWithout(without);
    this.#without.set(name, known);
    const { header } = this.#observation;
    return differs(known.reference, normalise({ header, lines: tampering.lines }, known.cache));
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
