import type { ObservationLine } from '../observation/types.ts';
import type { TrimmedRequest } from './model-request.ts';
import { type ReadLine, readLine } from './read-line.ts';
import { rules as allRules } from './rules/index.ts';
import type { NormalisedLine, RuleContext, RuleSet } from './types.ts';

/**
 * What may be kept from one observation to the next where both share line objects: measuring the oracle normalises tens of thousands that
 * differ in one line each. Everything kept is a pure function of what it is kept under, so that the result is the same without it.
 */
export class NormaliseMemory {
  readonly rules: RuleSet;
  readonly trimmed = new WeakMap<object, TrimmedRequest>();
  readonly #read = new Map<string, WeakMap<ObservationLine, ReturnType<typeof readLine>>>();
  readonly #bound = new Map<string, WeakMap<ReadLine, NormalisedLine>>();

  constructor(rules: RuleSet = allRules) {
    this.rules = rules;
  }

  read(line: ObservationLine, context: RuleContext, contextName: string): ReturnType<typeof readLine> {
    const kept = within(this.#read, contextName);
    const known = kept.get(line);
    if (known !== undefined) return known;
    const made = readLine(line, context, this.rules);
    kept.set(line, made);
    return made;
  }

  /** Lines whose ids were all bound before, by the name of the bindings. */
  bound(bindingsName: string): WeakMap<ReadLine, NormalisedLine> {
    return within(this.#bound, bindingsName);
  }
}

const mostNames = 8;

function within<K extends WeakKey, V>(maps: Map<string, WeakMap<K, V>>, name: string): WeakMap<K, V> {
  const known = maps.get(name);
  if (known !== undefined) return known;
  const made = new WeakMap<K, V>();
  // The first is that of the untouched observation: it stays, the others come and go.
  if (maps.size >= mostNames) maps.delete([...maps.keys()][1] as string);
  maps.set(name, made);
  return made;
}
