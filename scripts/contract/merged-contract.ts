import type { Contract, SchemaObject } from '../../harness/contract/types.ts';

/** Which engines of the window have something that not all of them have. */
export interface Span {
  /** The first engine that has it; absent if that is the window's first. */
  since?: string;
  /** The last engine that has it; absent if that is the window's last. */
  until?: string;
  /** Engines between those that lack it. */
  not?: readonly string[];
}

/** A schema of several contracts. `span` is absent where all engines have it that have what it stands in. */
export interface MergedSchema extends SchemaObject {
  span?: Span;
  /** Of an enum: the spans of values. */
  valueSpans?: Readonly<Record<string, Span>>;
}

/** An entry of a map of methods; see `MergedSchema`. */
export type Merged<Entry> = Entry & { span?: Span };

/** The contracts of several engines as one. */
export interface MergedContract extends Contract {
  /** All engines, the oldest first. */
  window: readonly string[];
}
