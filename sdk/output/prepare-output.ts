import { prepareSchema } from '../schema/prepare-schema.ts';
import type { Schema, SchemaOutput } from '../schema/standard-schema.ts';
import type { FailedOutput } from './output-error.ts';
import type { JsonObject } from './schema-node.ts';
import { strictSchema } from './strict-schema.ts';

/** An output schema that is ready for a turn. */
export interface PreparedOutput<T> {
  /** What the engine gets as `outputSchema`. */
  schema: JsonObject;
  /** Reads the final message of the turn. Never rejects. */
  read(text: string | null): Promise<{ output: T } | FailedOutput>;
}

/**
 * Makes a schema strict and loads what checks the answer.
 * @throws TypeError for what is no schema, and, with the path, for a schema that the model's service would refuse
 * @throws CodexError with `kind` `install` for a JSON Schema without the package ajv
 */
export async function prepareOutput<S extends Schema>(schema: S): Promise<PreparedOutput<SchemaOutput<S>>> {
  const { jsonSchema, validate } = await prepareSchema(schema, 'reading the output schema');
  const strict = strictSchema(jsonSchema);
  return {
    schema: strict.schema,
    async read(text) {
      if (text === null) return { reason: 'no-answer', text, issues: [] };
      let answer: unknown;
      try {
        answer = JSON.parse(text);
      } catch (cause) {
        return { reason: 'not-json', text, issues: [], cause };
      }
      try {
        const read = await validate(strict.restore(answer));
        return read.issues ? { reason: 'invalid', text, issues: read.issues } : { output: read.value };
      } catch (cause) {
        return { reason: 'schema-failed', text, issues: [], cause };
      }
    },
  };
}
