import { isObject, type JsonValue } from '../../testing/json/json.ts';
import type { ObservationHeader, ObservationLine } from '../observation/types.ts';
import { idsIn, type MetId } from './bind-ids.ts';
import type { TrimmedRequest } from './model-request.ts';
import { type ReadLine, readLine } from './read-line.ts';
import { rules as allRules } from './rules/index.ts';
import type { NormalisedLine, RuleContext, RuleSet } from './types.ts';

type LineReader = (line: ObservationLine) => ReturnType<typeof readLine>;

/** A finished line, and what it depended on besides the raw line. */
export interface KeptLine {
  line: NormalisedLine;
  /** Placeholders of the requests it names. */
  requests: string;
  /** Ids that were bound while it was made. */
  met: readonly MetId[];
  /** Every text in it that could be an id. */
  texts: ReadonlySet<string>;
}

/**
 * What may be kept from one observation to the next if both share line objects: the sensitivity check normalises tens
 * of thousands that differ in one line each. Everything is kept with what it depends on, so the result is the same
 * without it.
 */
export class NormaliseCache {
  readonly rules: RuleSet;
  readonly trimmed = new WeakMap<NormalisedLine, TrimmedRequest>();
  /** Lines that were finished while the ids known beforehand were `known`. */
  readonly lines = new WeakMap<ReadLine, KeptLine>();
  #known: ReadonlyMap<string, string> | undefined;
  readonly #readers = new WeakMap<ObservationHeader, LineReader>();

  constructor(rules: RuleSet = allRules) {
    this.rules = rules;
  }

  /** Returns a reader for the lines of an observation; the same header gives the same reader. */
  reader(header: ObservationHeader): LineReader {
    const reader = this.#readers.get(header) ?? this.#newReader({ header });
    this.#readers.set(header, reader);
    return reader;
  }

  #newReader(context: RuleContext): LineReader {
    const lines = new WeakMap<ObservationLine, ReturnType<typeof readLine>>();
    return (line) => {
      const known = lines.get(line);
      if (known !== undefined) return known;
      const made = readLine(line, context, this.rules);
      lines.set(line, made);
      return made;
    };
  }

  /** Ids that are bound differently than in the first observation. */
  changedIds(known: ReadonlyMap<string, string>): string[] {
    this.#known ??= known;
    const changed: string[] = [];
    for (const [id, placeholder] of this.#known) if (known.get(id) !== placeholder) changed.push(id);
    for (const id of known.keys()) if (!this.#known.has(id)) changed.push(id);
    return changed;
  }
}

/** Every text in a value, including keys, and every id in them. */
export function textsIn(value: JsonValue, into: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') {
    into.add(value);
    for (const id of idsIn(value)) into.add(id);
  } else if (Array.isArray(value)) {
    for (const inner of value) textsIn(inner, into);
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      textsIn(key, into);
      textsIn(inner, into);
    }
  }
  return into;
}
