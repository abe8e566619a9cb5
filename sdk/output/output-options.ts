import { expectedGot } from '../../native/expected-got.mjs';
import type { Rule } from '../options/check-options.ts';
import { isStandardSchema, type Schema, type SchemaOutput } from '../schema/standard-schema.ts';

/** What may stand in `output`: nothing is no output. */
export type AnySchema = Schema | null | undefined;

/** The options of a turn that ask for an output of a given type. */
export interface OutputOptions<S extends AnySchema> {
  /**
   * The type of the answer: a schema of Zod, Valibot, ArkType or another library with Standard Schema, or a JSON Schema
   * (which needs the package `ajv`). It is made strict for the model, the answer is checked by it, and the value is
   * `output` in the result. Not together with `outputSchema`.
   */
  output?: S;
  /**
   * How many more turns may be used to have an answer corrected that does not fit `output`. Default 0: it is a
   * `StructuredOutputError` at once.
   */
  repair?: number | undefined;
}

/** The type of the output that a turn with these options has; undefined without `output`. */
export type OutputOf<S> = S extends null | undefined ? undefined : SchemaOutput<S>;

export const schemaRule: Rule = {
  expected: 'a schema',
  accepts: (value) => isStandardSchema(value) || (typeof value === 'object' && value !== null && !Array.isArray(value)),
  nullable: false,
};

export const repairRule: Rule = {
  expected: 'a whole number, 0 or more',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  nullable: false,
};

/** @throws TypeError for options that contradict each other */
export function checkOutputOptions(
  call: string,
  { output, outputSchema, repair }: { output?: unknown; outputSchema?: unknown; repair?: number | undefined },
): void {
  const doing = `reading the options of ${call}`;
  if (output != null && outputSchema != null) {
    const advice = 'Leave outputSchema out: output sends a schema too';
    throw new TypeError(expectedGot(doing, 'output or outputSchema', 'both', advice));
  }
  if (output == null && repair) {
    throw new TypeError(expectedGot(doing, 'output beside repair', 'repair alone', 'Pass the schema as output'));
  }
}
