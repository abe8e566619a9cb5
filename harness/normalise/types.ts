import type { JsonObject, JsonValue } from '../../testing/json/json.ts';
import type { Channel, ObservationBody, ObservationHeader } from '../observation/types.ts';

/**
 * A line after normalising: without a clock, ids bound, volatile values as placeholders. `lane` is where its order
 * matters.
 */
export interface NormalisedLine {
  lane: string;
  ch: Channel;
  /** What the line is about: the method, operation or mark. Lines of a lane are aligned by channel and key. */
  key: string;
  body: JsonObject;
}

export interface NormalisedHeader {
  kind: 'golden';
  schemaVersion: 1;
  scenario: string;
  client: string;
  /** The engine version that last proved it. */
  engineVersion: string;
}

declare const normalised: unique symbol;

/** Only `normalise` and the golden reader create one; `compare` accepts nothing else. */
export interface NormalisedObservation {
  header: NormalisedHeader;
  lines: NormalisedLine[];
  /** How often each named rule changed something. */
  fired: Record<string, number>;
  /** For each line, the index of the raw line it was made from; absent in a golden. */
  origins?: readonly number[];
  readonly [normalised]: true;
}

/** What every rule may read. */
export interface RuleContext {
  header: ObservationHeader;
}

/** Where a value is. */
export interface Place {
  /** Its key in the enclosing object; undefined in an array or at the top. */
  key: string | undefined;
  path: readonly string[];
  line: ObservationBody;
}

export const drop: unique symbol = Symbol('drop');

/** Turns one value into a placeholder (or drops it); `undefined` leaves it unchanged. Pure, named, counted. */
export interface ValueRule {
  name: string;
  reason: string;
  /**
   * The value differs in every run but not within one: a client may only show what the engine sent under the same key,
   * and a time is close to the run's others. `settleVolatile` checks this; a value that breaks it gets its own
   * placeholder.
   */
  volatile?: 'moment' | 'echo';
  /** See `LineRule.loosens`. */
  loosens?: true;
  apply(value: JsonValue, place: Place, context: RuleContext): JsonValue | typeof drop | undefined;
}

/** Rewrites or drops (`null`) a whole line; `undefined` leaves it unchanged. */
export interface LineRule {
  name: string;
  reason: string;
  /**
   * Different values may compare as equal where it applies, on purpose. The sensitivity counts such a place apart; what any
   * other rule hides is a fault of that rule.
   */
  loosens?: true;
  apply(line: ObservationBody, context: RuleContext): ObservationBody | null | undefined;
}

/** The rules that make a normalised observation, in order. */
export interface RuleSet {
  line: readonly LineRule[];
  value: readonly ValueRule[];
}

export function asNormalised(value: Omit<NormalisedObservation, typeof normalised>): NormalisedObservation {
  return value as NormalisedObservation;
}
