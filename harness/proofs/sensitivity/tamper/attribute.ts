import { differs } from '../../../compare/compare.ts';
import { NormaliseCache } from '../../../normalise/cache.ts';
import { normalise } from '../../../normalise/normalise.ts';
import type { NormalisedObservation, RuleSet } from '../../../normalise/types.ts';
import type { Observation } from '../../../observation/types.ts';
import type { Tampering } from './tamperings.ts';

/** Finds the rule that hid a change: the one without which it shows. */
export class Attribution {
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
