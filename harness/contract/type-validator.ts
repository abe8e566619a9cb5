import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { ExactNumber } from '../../testing/json/exact-number.ts';
import { type JsonValue, mapChildren } from '../../testing/json/json.ts';
import { unionTag } from './tagged-union.ts';
import type { Contract, ContractSchema, JsonSchema, SchemaObject } from './types.ts';

/**
 * A way in which a value does not match its type. `path` is a JSON pointer into the value, empty for the value itself.
 */
export interface TypeProblem {
  path: string;
  message: string;
}

/** Checks values against the named types of a contract. Each type is compiled on first use and kept. */
export class TypeValidator {
  readonly #schema: ContractSchema;
  readonly #compiled = new Map<string, ValidateFunction>();
  #made: Ajv | undefined;

  constructor({ schema }: Contract) {
    this.#schema = schema;
  }

  /** Made for the first value: of the window's contracts, most runs check against one or two. */
  get #ajv(): Ajv {
    if (this.#made !== undefined) return this.#made;
    // The engine's formats (int64, uint16 …) describe its own types, not the JSON on the wire; `minimum` says what
    // matters.
    const ajv = new Ajv({
      strict: false,
      validateFormats: false,
      validateSchema: false,
      discriminator: true,
      verbose: true,
      // Half of the time of a compilation, of which a run of a cell makes dozens.
      code: { optimize: false },
    });
    const definitions = Object.fromEntries(
      Object.entries(this.#schema.definitions).map(([name, type]) => [name, withDiscriminators(type)]),
    );
    ajv.addSchema({ $id: 'contract', definitions });
    this.#made = ajv;
    return ajv;
  }

  /**
   * What is wrong with `value` as a `type`; `undefined` if nothing is. Returns only the most informative problem.
   *
   * @throws Error if the contract has no such type
   */
  check(type: string, value: unknown): TypeProblem | undefined {
    let validate = this.#compiled.get(type);
    if (validate === undefined) {
      validate = this.#ajv.getSchema(`contract#/definitions/${type}`);
      if (validate === undefined) throw new Error(`Checking a value: the contract has no type ${type}`);
      this.#compiled.set(type, validate);
    }
    // Most messages are valid as they are, and copying each would cost more than validating it.
    if (validate(value) || validate(inDoubles(value))) return undefined;
    return tell(validate.errors ?? []);
  }
}

/** ajv knows the numbers of JavaScript alone. Of one beyond them it is enough that it is a number. */
function inDoubles(value: unknown): unknown {
  if (value instanceof ExactNumber) return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(value.text)));
  if (typeof value !== 'object' || value === null) return value;
  return mapChildren(value as JsonValue, (child) => inDoubles(child) as JsonValue);
}

/** Tells ajv the tag of each tagged union, so that it checks one variant and reports what is wrong with that one. */
function withDiscriminators(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  const map = (parts: JsonSchema[] | undefined): JsonSchema[] | undefined => parts?.map(withDiscriminators);
  const out: SchemaObject & { discriminator?: { propertyName: string } } = { ...schema };
  const tag = unionTag(schema);
  if (tag !== undefined && !out.oneOf?.some((variant) => typeof variant === 'object' && variant.$ref !== undefined)) {
    out.discriminator = { propertyName: tag };
    out.type ??= 'object';
  }
  for (const keyword of ['oneOf', 'anyOf', 'allOf'] as const) {
    const parts = map(schema[keyword]);
    if (parts !== undefined) out[keyword] = parts;
  }
  if (schema.properties !== undefined) {
    out.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, withDiscriminators(field)]),
    );
  }
  if (schema.items !== undefined) out.items = withDiscriminators(schema.items);
  if (schema.additionalProperties !== undefined)
    out.additionalProperties = withDiscriminators(schema.additionalProperties);
  return out;
}

/** Of a union's errors, the one found deepest in the value: the branch that came nearest. */
function tell(errors: ErrorObject[]): TypeProblem {
  const telling = errors.filter(({ params }) => params.type !== 'null');
  const [deepest] = (telling.length > 0 ? telling : errors).sort((a, b) => depth(b) - depth(a));
  if (deepest === undefined) return { path: '', message: 'is not of the type' };
  if (deepest.keyword === 'discriminator') {
    const { tag, tagValue } = deepest.params as { tag: string; tagValue?: unknown };
    return {
      path: `${deepest.instancePath}/${tag}`,
      message: `saw ${JSON.stringify(tagValue)}, which the contract has no variant for`,
    };
  }
  const seen = JSON.stringify(deepest.data) ?? 'nothing';
  const allowed = deepest.keyword === 'enum' ? `: ${(deepest.params.allowedValues as unknown[]).join(', ')}` : '';
  const shown = seen.length > 80 ? `${seen.slice(0, 77)}...` : seen;
  return { path: deepest.instancePath, message: `saw ${shown}; it ${deepest.message ?? 'is wrong'}${allowed}` };
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}
