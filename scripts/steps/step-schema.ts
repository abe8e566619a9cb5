import { allKeys, type StepDefinition, type StepKey, type StepLanguage, type StepSchema } from './read-steps.ts';

type Json = Record<string, unknown>;

const step = { $ref: '#/definitions/step' };

/** The JSON Schema that editors and the harness check by. With `list`, of a list of steps. */
export function schemaFile({ title, description, steps, everywhere }: StepLanguage, list: boolean): Json {
  const name = ({ verb }: StepDefinition) => `${verb.replace(/-./g, (dash) => dash.slice(1).toUpperCase())}Step`;
  const whole = list ? { type: 'array', minItems: 1, items: step } : step;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    description,
    ...whole,
    definitions: {
      step: { oneOf: steps.map((one) => ({ $ref: `#/definitions/${name(one)}` })) },
      ...Object.fromEntries(steps.map((one) => [name(one), stepSchema(one, plain, everywhere?.keys)])),
    },
  };
}

/** The schema of one verb's step. `beside`: keys that every verb may have. */
export function stepSchema(
  definition: StepDefinition,
  of: (schema: StepSchema) => Json,
  beside: readonly StepKey[] = [],
): Json {
  const keys = [...allKeys(definition), ...beside];
  return {
    description: definition.description,
    type: 'object',
    properties: {
      [definition.verb]: of(definition.value),
      ...Object.fromEntries(keys.map(({ key, schema }) => [key, of(schema)])),
    },
    required: [definition.verb, ...keys.filter(({ required }) => required).map(({ key }) => key)],
    additionalProperties: false,
  };
}

/** A schema without what only this project reads. */
function plain({ kind: _kind, typeName: _name, typeDescription: _said, steps, ...schema }: StepSchema): Json {
  if (steps === undefined) return schema;
  const inner = { type: 'array', minItems: 1, items: step };
  return { ...schema, ...(steps === 'list' ? inner : { type: 'array', minItems: 2, items: inner }) };
}

/** Without prose, and with steps within steps left open: the fake checks each as it comes to it. */
export function bareSchema(definition: StepDefinition): Json {
  const bare = ({ steps, ...schema }: StepSchema): Json =>
    withoutProse(
      steps === undefined ? plain(schema) : { type: 'array', ...(steps === 'lists' && { items: { type: 'array' } }) },
    );
  const { description: _said, ...schema } = stepSchema(definition, bare);
  return schema;
}

function withoutProse({ description: _said, ...schema }: Json): Json {
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null) return schema;
  const inner = Object.entries(properties).map(([key, value]) => [key, withoutProse(value as Json)]);
  return { ...schema, properties: Object.fromEntries(inner) };
}
