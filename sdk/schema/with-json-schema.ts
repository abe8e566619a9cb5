import { expectedGot } from '../../native/expected-got.mjs';
import { isObject } from '../rpc/is-object.ts';
import { isStandardSchema, type StandardSchema } from './standard-schema.ts';

/**
 * Gives a schema the JSON Schema that its library cannot make: the model sees that, and the schema checks what it wrote.
 * @throws TypeError if `schema` does not follow Standard Schema, or `jsonSchema` is not an object
 */
export function withJsonSchema<Input, Output>(
  schema: StandardSchema<Input, Output>,
  jsonSchema: object,
): StandardSchema<Input, Output> {
  const doing = 'reading the arguments of withJsonSchema';
  if (!isStandardSchema(schema))
    throw new TypeError(expectedGot(doing, 'a schema with Standard Schema', typeof schema));
  if (!isObject(jsonSchema)) throw new TypeError(expectedGot(doing, 'a JSON Schema', typeof jsonSchema));
  const standard = schema['~standard'];
  return {
    '~standard': {
      version: 1,
      vendor: standard.vendor,
      // As a method of its own object: a library may need its `this`.
      validate: (value) => standard.validate(value) as ReturnType<typeof standard.validate>,
      jsonSchema: { input: () => ({ ...jsonSchema }) },
    },
  };
}
