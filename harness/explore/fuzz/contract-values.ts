import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { Contract, JsonSchema, SchemaObject } from '../../contract/types.ts';

/** A member of an enum that no contract has: a message with it is wrong on purpose. */
export const unknownMember = 'fromTheFuture';

/** Below this, a value is as small as its type allows. */
const deepest = 4;
/** One of so many optional members is there. */
const sparse = 4;
/** The fake fills these in with what the conversation is about. */
const bound = new Set([
  'threadId',
  'turnId',
  'conversationId',
  'Thread.id',
  'Turn.id',
  'Thread.sessionId',
  'cwd',
  'sandbox',
  'sandboxPolicy',
]);

export const texts: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('', 'a', 'Hello', 'two\nlines', 'größer 𝄞', '"quoted" \\ back', '\u2028', ' '),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }).map((text) => text.replaceAll('$', 's')) },
);

const anything: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue>(
  null,
  true,
  0,
  1.5,
  'any',
  [],
  [1, null],
  {},
  { a: { b: [] } },
);

/** Types whose variants the fake cannot tell apart, and so cannot complete. */
const small: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  McpElicitationPrimitiveSchema: fc.constantFrom<JsonValue>(
    { type: 'boolean' },
    { type: 'string' },
    { type: 'number' },
  ),
};

/**
 * Values that follow a contract. They state a part of what their type has, and shrink to nothing: what the type requires beside it, the fake engine fills in.
 */
export class ContractValues {
  readonly #contract: Contract;
  readonly #known = new Map<string, fc.Arbitrary<JsonValue>>();
  readonly #unknown: boolean;

  /** @param unknown enums have a rare member that no contract has (`unknownMember`) */
  constructor(contract: Contract, unknown: boolean) {
    this.#contract = contract;
    this.#unknown = unknown;
  }

  /** The params of a message of the engine. */
  params(method: string): fc.Arbitrary<JsonObject> {
    const { serverNotifications, serverRequests } = this.#contract.methods;
    return this.type((serverNotifications[method] ?? serverRequests[method])?.params);
  }

  /** The result of a request of the client; or with which a client answers the engine's. */
  result(method: string): fc.Arbitrary<JsonObject> {
    const { clientRequests, serverRequests } = this.#contract.methods;
    return this.type((clientRequests[method] ?? serverRequests[method])?.result);
  }

  /** @param whole with all that the type requires, for what no fake fills in */
  type(name: string | null | undefined, whole = false): fc.Arbitrary<JsonObject> {
    if (name === null || name === undefined) return fc.constant({});
    return this.#named(name, 0, whole) as fc.Arbitrary<JsonObject>;
  }

  #named(name: string, depth: number, whole: boolean): fc.Arbitrary<JsonValue> {
    const key = `${name} ${depth} ${whole}`;
    const known =
      this.#known.get(key) ??
      small[name] ??
      this.#value(this.#contract.schema.definitions[name] ?? true, depth, whole, name);
    this.#known.set(key, known);
    return known;
  }

  #value(schema: JsonSchema, depth: number, whole: boolean, owner?: string): fc.Arbitrary<JsonValue> {
    if (typeof schema === 'boolean') return anything;
    if (schema.$ref !== undefined)
      return this.#named(schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1), depth, whole);
    if (schema.allOf?.length === 1) return this.#value(schema.allOf[0] as JsonSchema, depth, whole, owner);
    if (schema.enum !== undefined) return this.#member(schema.enum);
    const union = schema.oneOf ?? schema.anyOf;
    if (union !== undefined) return this.#union(schema, union, depth, whole, owner);
    const types = [schema.type ?? []].flat();
    const first = types.find((type) => type !== 'null');
    if (first === undefined) return types.length > 0 ? fc.constant(null) : anything;
    const some = this.#typed(first, schema, depth, whole, owner);
    return types.includes('null')
      ? fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: some })
      : some;
  }

  #member(members: readonly JsonValue[]): fc.Arbitrary<JsonValue> {
    const known = fc.constantFrom(...members);
    // With one member, it tells a variant from others.
    if (!this.#unknown || members.length < 2) return known;
    return fc.oneof({ weight: 40, arbitrary: known }, { weight: 1, arbitrary: fc.constant(unknownMember) });
  }

  #union(
    schema: SchemaObject,
    union: readonly JsonSchema[],
    depth: number,
    whole: boolean,
    owner?: string,
  ): fc.Arbitrary<JsonValue> {
    const small = depth >= deepest ? union.filter((one) => !isObjectLike(one)) : [];
    const variants = (small.length > 0 ? small : union).map((one) => this.#value(one, depth, true, owner));
    const chosen = fc.oneof(...variants);
    if (schema.properties === undefined) return chosen;
    const own = this.#object(schema, depth, whole, owner);
    return fc.tuple(own, chosen).map(([mine, its]) => ({ ...mine, ...(its as JsonObject) }));
  }

  #typed(type: string, schema: SchemaObject, depth: number, whole: boolean, owner?: string): fc.Arbitrary<JsonValue> {
    if (type === 'string') return (schema.minLength ?? 0) > 0 ? texts.map((text) => text || 'a') : texts;
    if (type === 'boolean') return fc.boolean();
    if (type === 'integer')
      return fc.oneof(fc.integer({ min: Math.max(schema.minimum ?? -9, -9), max: 99 }), fc.constant(65_535));
    if (type === 'number') return fc.constantFrom(0, 1, 0.25, 1e6);
    if (type === 'array')
      return fc.array(this.#value(schema.items ?? true, depth + 1, whole), { maxLength: depth >= deepest ? 0 : 2 });
    return this.#object(schema, depth, whole, owner);
  }

  #object(schema: SchemaObject, depth: number, whole: boolean, owner?: string): fc.Arbitrary<JsonObject> {
    const { properties = {}, required = [], additionalProperties } = schema;
    if (Object.keys(properties).length === 0 && typeof additionalProperties === 'object')
      return fc.dictionary(fc.constantFrom('a', 'b c'), this.#value(additionalProperties, depth + 1, true), {
        maxKeys: 2,
      });
    const members = Object.entries(properties).flatMap(([key, inner]) => {
      const needed = required.includes(key) && (whole || isTag(inner));
      if (!needed && (bound.has(key) || bound.has(`${owner}.${key}`))) return [];
      if (!needed && depth >= deepest) return [];
      const some = this.#value(inner, depth + 1, whole, undefined);
      const maybe = fc.oneof(
        { weight: sparse - 1, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: some as fc.Arbitrary<JsonValue | undefined> },
      );
      return [[key, needed ? some : maybe] as const];
    });
    return fc
      .record(Object.fromEntries(members))
      .map(
        (given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as JsonObject,
      );
  }
}

const isTag = (schema: JsonSchema): boolean => typeof schema === 'object' && schema.enum?.length === 1;

const isObjectLike = (schema: JsonSchema): boolean =>
  typeof schema === 'object' &&
  (schema.$ref !== undefined || schema.properties !== undefined || schema.type === 'object');
