import { isDeepStrictEqual } from 'node:util';
import type {
  Contract,
  ContractMethods,
  JsonSchema,
  RequestEntry,
  SchemaObject,
} from '../../harness/contract/types.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { type Gaps, refuseGaps } from './gaps.ts';
import type { Merged, MergedContract, MergedSchema, Span } from './merged-contract.ts';
import { isCatchAll } from './type-expression.ts';
import { variantLabel } from './variant-label.ts';

/** An engine by its place in the window. */
interface Engine {
  version: string;
  place: 'first' | 'between' | 'last' | 'only';
}

/** What an engine has in the place that is merged. */
interface Part {
  engine: Engine;
  schema: JsonSchema;
}

/**
 * One contract for all engines of the window: it has what any of them has, and says of each thing which engines have it.
 *
 * - A field is optional unless all engines require it.
 * - Unions and enums have the members of all, those of older engines first.
 * - A request may be sent without params if one engine has none; it is experimental if it is so for one engine.
 *
 * @param contracts the oldest engine first
 * @param pin the version that the merged contract goes by
 */
export function mergeWindow(contracts: readonly Contract[], pin: string, gaps: Gaps = refuseGaps): MergedContract {
  const placeholders: Record<string, SchemaObject> = {};
  /** The type of params or of a result. A method that got another type, and not another form of the same one, would need a union. */
  const oneName = (method: string, names: (string | null)[]): string | null => {
    const types = distinct(names.filter((name) => name !== null));
    if (types.length < 2) return types[0] ?? null;
    const gap = expectedGot(`merging ${method}`, 'one type in all engines of the window', types.join(', '));
    gaps.tell(gap);
    const name = types.join('Or');
    placeholders[name] = { gap };
    return name;
  };

  const engines = contracts.map(({ version }, at): Engine => ({ version, place: placeOf(at, contracts.length) }));
  const window = contracts.map(({ version }) => version);
  const known = contracts.find(({ version }) => version === pin);
  if (known === undefined)
    throw new Error(expectedGot('merging the contracts of the window', `the pin's, ${pin}`, window.join(', ')));
  /** For each name, what the engines have that have it. */
  const byName = <Of, To>(
    of: (contract: Contract) => Record<string, Of>,
    to: (having: Having<Of>[], name: string) => To,
  ) =>
    Object.fromEntries(
      [...new Set(contracts.flatMap((contract) => Object.keys(of(contract))))].sort().map((name): [string, To] => {
        const having = engines.flatMap((engine, at) => {
          const what = of(contracts[at] as Contract)[name];
          return what === undefined ? [] : [{ engine, what }];
        });
        return [name, to(having, name)];
      }),
    );
  const entries = <Entry extends { stability: string }>(
    of: (methods: ContractMethods) => Record<string, Entry>,
    join: (entries: Entry[], method: string) => Entry,
  ): Record<string, Merged<Entry>> =>
    byName<Entry, Merged<Entry>>(
      ({ methods }) => of(methods),
      (having, method) => {
        const all = having.map(({ what }) => what);
        const experimental = all.some(({ stability }) => stability === 'experimental');
        return marked({ ...join(all, method), stability: experimental ? 'experimental' : 'stable' }, having, engines);
      },
    );
  return {
    ...known,
    window,
    methods: {
      clientRequests: entries(
        ({ clientRequests }) => clientRequests,
        (all, method) => mergeRequests(all, method, oneName),
      ),
      clientNotifications: entries(
        ({ clientNotifications }) => clientNotifications,
        (all, method) => mergeNotifications(all, method, oneName),
      ),
      serverRequests: entries(
        ({ serverRequests }) => serverRequests,
        (all, method) => mergeRequests(all, method, oneName),
      ),
      serverNotifications: entries(
        ({ serverNotifications }) => serverNotifications,
        (all, method) => mergeNotifications(all, method, oneName),
      ),
      experimentalTypes: distinct(contracts.flatMap(({ methods }) => methods.experimentalTypes)),
      experimentalFields: byName(
        ({ methods }) => methods.experimentalFields,
        (having) => distinct(having.flatMap(({ what }) => what)),
      ),
    },
    schema: {
      definitions: {
        ...byName(
          ({ schema }) => schema.definitions,
          (having) => marked(merge(having.map(({ engine, what }) => ({ engine, schema: what }))), having, engines),
        ),
        ...placeholders,
      },
    },
  };
}

interface Having<Of> {
  engine: Engine;
  what: Of;
}

function placeOf(at: number, length: number): Engine['place'] {
  if (length === 1) return 'only';
  return at === 0 ? 'first' : at === length - 1 ? 'last' : 'between';
}

const distinct = (names: string[]): string[] => [...new Set(names)].sort();

type OneName = (method: string, names: (string | null)[]) => string | null;

function mergeNotifications<Entry extends { params: string | null }>(
  all: Entry[],
  method: string,
  oneName: OneName,
): Entry {
  const names = all.map(({ params }) => params);
  return { ...(all[0] as Entry), params: oneName(method, names) };
}

function mergeRequests(all: RequestEntry[], method: string, oneName: OneName): RequestEntry {
  const results = all.map(({ result }) => result);
  return {
    ...mergeNotifications(all, method, oneName),
    result: oneName(method, results) as string,
    paramsRequired: all.every(({ params }) => params !== null) && all.some(({ paramsRequired }) => paramsRequired),
  };
}

/** Merges what several engines have in one place. */
function merge(parts: readonly Part[]): MergedSchema {
  const plain = parts.map(({ engine, schema }) => ({ engine, schema: simplified(schema) }));
  const first = plain[0]?.schema ?? {};
  if (plain.every(({ schema }) => isDeepStrictEqual(schema, first))) return first;
  const anything = plain.find(({ schema }) => Object.keys(schema).length === 0);
  if (anything !== undefined) return anything.schema;
  const withBase = plain.filter(({ schema }) => unionOf(schema) !== undefined && schema.properties !== undefined);
  if (withBase.length > 0) return mergeUnionWithBase(plain, withBase);
  return mergeMembers(plain);
}

type PlainPart = Part & { schema: SchemaObject };

function mergeMembers(parts: readonly PlainPart[]): MergedSchema {
  // Outside a union, an object's only key is no label.
  if (parts.every(({ schema }) => schema.type === 'object' && unionOf(schema) === undefined))
    return mergeObjects(parts);
  const members = unionMembers(parts);
  const [only] = members;
  return members.length === 1 && only !== undefined ? only : { oneOf: members };
}

/** The members of a union; those of one key are merged, the rest stand side by side. All values of enums are the first member. */
function unionMembers(parts: readonly PlainPart[]): MergedSchema[] {
  const engines = parts.map(({ engine }) => engine);
  const members = new Map<string, PlainPart[]>();
  for (const { engine, schema } of parts) {
    const seen = new Map<string, number>();
    for (const member of membersOf(schema)) {
      const key = memberKey(member);
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      const place = `${key} ${nth}`;
      members.set(place, [...(members.get(place) ?? []), { engine, schema: member }]);
    }
  }
  const values: string[] = [];
  const valueSpans: Record<string, Span> = {};
  const others: MergedSchema[] = [];
  for (const group of members.values()) {
    const value = valueIn(group[0]?.schema ?? {});
    if (value === undefined) {
      others.push(marked(mergeAlike(group), group, engines));
      continue;
    }
    values.push(value);
    const { span } = marked({}, group, engines);
    if (span !== undefined) valueSpans[value] = span;
  }
  if (values.length === 0) return others;
  const spans = Object.keys(valueSpans).length > 0 && { valueSpans };
  return [{ type: 'string', enum: values, ...spans }, ...others];
}

/** Merges members that are known to be the same thing. */
function mergeAlike(group: readonly PlainPart[]): MergedSchema {
  const first = group[0]?.schema ?? {};
  if (group.every(({ schema }) => isDeepStrictEqual(schema, first))) return first;
  if (group.some(({ schema }) => unionOf(schema) !== undefined)) return merge(group);
  if (first.type === 'array') {
    return {
      type: 'array',
      items: merge(group.map(({ engine, schema }) => ({ engine, schema: schema.items ?? true }))),
    };
  }
  return mergeObjects(group);
}

function mergeObjects(parts: readonly PlainPart[]): MergedSchema {
  const engines = parts.map(({ engine }) => engine);
  const names = distinct(parts.flatMap(({ schema }) => Object.keys(schema.properties ?? {})));
  const properties = names.map((name): [string, MergedSchema] => {
    const having = parts.flatMap(({ engine, schema }) => {
      const field = schema.properties?.[name];
      return field === undefined ? [] : [{ engine, schema: field }];
    });
    return [name, marked(merge(having), having, engines)];
  });
  const required = names.filter((name) => parts.every(({ schema }) => schema.required?.includes(name)));
  const rest = parts.map(({ engine, schema }) => ({ engine, schema: schema.additionalProperties }));
  const typed = rest.flatMap(({ engine, schema }) => (typeof schema === 'object' ? [{ engine, schema }] : []));
  const open = rest.some(({ schema }) => schema === true);
  const closed = rest.every(({ schema }) => schema === false);
  return {
    type: 'object',
    ...(names.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required }),
    ...(typed.length > 0 ? { additionalProperties: merge(typed) } : (open || closed) && { additionalProperties: open }),
  };
}

/**
 * Fields that stand beside a union. An engine without the union, whose fields another has moved into it, has one variant: `{ result }` becomes
 * `{ fileId }` or `{ result }`.
 */
function mergeUnionWithBase(parts: readonly PlainPart[], withBase: readonly PlainPart[]): MergedSchema {
  const moved = new Set(
    withBase.flatMap(({ schema }) =>
      (unionOf(schema) ?? []).flatMap((variant) =>
        typeof variant === 'object' ? Object.keys(variant.properties ?? {}) : [],
      ),
    ),
  );
  const split = parts.map(({ engine, schema }) => {
    const { properties = {}, required = [] } = schema;
    const union = unionOf(schema);
    const pick = (inVariant: boolean): SchemaObject => ({
      type: 'object',
      properties: Object.fromEntries(Object.entries(properties).filter(([name]) => moved.has(name) === inVariant)),
      required: required.filter((name) => moved.has(name) === inVariant),
    });
    const base = union === undefined ? pick(false) : { type: 'object', properties, required };
    return { base: { engine, schema: base }, union: { engine, schema: { oneOf: union ?? [pick(true)] } } };
  });
  return { ...mergeObjects(split.map(({ base }) => base)), oneOf: unionMembers(split.map(({ union }) => union)) };
}

/** Without what says nothing about the type, and without an `allOf` around one schema. */
function simplified(schema: JsonSchema): SchemaObject {
  if (typeof schema === 'boolean') {
    if (schema) return {};
    return { gap: expectedGot('merging the contracts of the window', 'a schema that allows something', 'false') };
  }
  const { default: _, format: __, minimum: ___, minLength: ____, allOf, ...rest } = schema;
  const inner = allOf?.length === 1 ? allOf[0] : undefined;
  if (inner !== undefined && Object.keys(rest).length === 0) return simplified(inner);
  const map = (parts: JsonSchema[]): JsonSchema[] => parts.map(mapped);
  return {
    ...rest,
    ...(allOf && { allOf: map(allOf) }),
    ...(rest.oneOf && { oneOf: map(rest.oneOf) }),
    ...(rest.anyOf && { anyOf: map(rest.anyOf) }),
    ...(rest.items !== undefined && { items: mapped(rest.items) }),
    ...(typeof rest.additionalProperties === 'object' && { additionalProperties: mapped(rest.additionalProperties) }),
    ...(rest.properties && {
      properties: Object.fromEntries(Object.entries(rest.properties).map(([name, field]) => [name, mapped(field)])),
    }),
  };
}

const mapped = (schema: JsonSchema): JsonSchema => (typeof schema === 'boolean' ? schema : simplified(schema));

function unionOf(schema: SchemaObject): JsonSchema[] | undefined {
  return schema.oneOf ?? schema.anyOf;
}

/** A union's variants, an enum's values one by one, and the types of a list of types. */
function membersOf(schema: SchemaObject): SchemaObject[] {
  const variants = schema.properties === undefined ? unionOf(schema) : undefined;
  if (variants !== undefined) return variants.flatMap((variant) => membersOf(simplified(variant)));
  if (schema.enum !== undefined) return schema.enum.map((value) => ({ type: 'string', enum: [value] }));
  if (!Array.isArray(schema.type) || isCatchAll(schema)) return [schema];
  const { type, items, ...rest } = schema;
  return type.map((one) => {
    if (one === 'array') return { type: one, ...(items !== undefined && { items }) };
    return one === 'object' ? { ...rest, type: one } : { type: one };
  });
}

function valueIn(schema: SchemaObject): string | undefined {
  return schema.enum === undefined ? undefined : String(schema.enum[0]);
}

function memberKey(schema: SchemaObject): string {
  const value = valueIn(schema);
  if (value !== undefined) return `value ${value}`;
  if (schema.$ref !== undefined) return schema.$ref;
  return `${schema.type} ${variantLabel(schema) ?? ''}`;
}

/** Says which engines have it, unless all do that could. */
function marked<Of extends object>(
  of: Of,
  having: readonly { engine: Engine }[],
  possible: readonly Engine[],
): Of & { span?: Span } {
  if (having.length === possible.length) return of;
  const engines = having.map(({ engine }) => engine);
  const [first, last] = [engines[0], engines.at(-1)];
  if (first === undefined || last === undefined) return of;
  const between = possible.slice(possible.indexOf(first), possible.indexOf(last) + 1);
  const not = between.filter((engine) => !engines.includes(engine)).map(({ version }) => version);
  const span: Span = {
    ...(first.place !== 'first' && { since: first.version }),
    ...(last.place !== 'last' && { until: last.version }),
    ...(not.length > 0 && { not }),
  };
  return { ...of, span };
}
