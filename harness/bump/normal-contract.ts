import { expectedGot } from '../../native/expected-got.mjs';
import type { Contract, ContractMethods, JsonSchema, SchemaObject } from '../contract/types.ts';
import { canonicalText } from './fingerprint.ts';

/**
 * What a type allows, with a name for everything, so that two versions compare by names and never by places in a list. Absent members say nothing.
 * Spellings that mean the same give the same shape: `anyOf: [X, null]` is X that may be null, and an enum whose values are described one by one is an enum.
 */
export interface Shape {
  null?: true;
  /** JSON's kinds, without `null`. */
  kinds?: Record<string, true>;
  /** Name of a type. */
  ref?: string;
  /** Allowed values, as JSON. */
  values?: Record<string, true>;
  form?: 'oneOf' | 'anyOf' | 'allOf';
  /** The field that tells the variants apart. */
  tag?: string;
  variants?: Record<string, Shape>;
  fields?: Record<string, Field>;
  items?: Shape;
  /** Fields that are not listed. */
  rest?: Shape;
  any?: true;
  never?: true;
  format?: string;
  minimum?: number;
  minLength?: number;
  /** As JSON. */
  default?: string;
}

export interface Field {
  required: boolean;
  /** Whether it is there without the experimental API. */
  stable: boolean;
  shape: Shape;
}

export const messageKinds = ['clientRequests', 'clientNotifications', 'serverRequests', 'serverNotifications'] as const;
export type MessageKind = (typeof messageKinds)[number];

/** A method and what it carries; notifications have no result. */
export interface Message {
  params?: string;
  paramsRequired: boolean;
  result?: string;
  stability: 'stable' | 'experimental' | 'unlisted';
}

export interface NormalContract {
  messages: Record<MessageKind, Record<string, Message>>;
  types: Record<string, { stable: boolean; shape: Shape }>;
}

/** Made once for each contract; not to be changed. @throws Error on a schema that has no normal form: an `allOf` of several parts, or two unions in one */
export function normalContract(contract: Contract): NormalContract {
  const known = made.get(contract);
  if (known !== undefined) return known;
  const normal = normalise(contract);
  made.set(contract, normal);
  return normal;
}

const made = new WeakMap<Contract, NormalContract>();

function normalise({ methods, schema }: Contract): NormalContract {
  const experimental = new Set(methods.experimentalTypes);
  const messages = (kind: MessageKind) =>
    Object.fromEntries(Object.entries(methods[kind]).map(([name, entry]) => [name, messageOf(entry)]));
  return {
    messages: {
      clientRequests: messages('clientRequests'),
      clientNotifications: messages('clientNotifications'),
      serverRequests: messages('serverRequests'),
      serverNotifications: messages('serverNotifications'),
    },
    types: Object.fromEntries(
      Object.entries(schema.definitions).map(([name, definition]) => {
        const shape = shapeOf(definition, name);
        const stable = !experimental.has(name);
        markStability(shape, name, stable, methods.experimentalFields);
        return [name, { stable, shape }];
      }),
    ),
  };
}

function messageOf(entry: ContractMethods[MessageKind][string]): Message {
  const { params, stability } = entry;
  return {
    ...(params === null ? {} : { params }),
    paramsRequired: 'paramsRequired' in entry ? entry.paramsRequired : params !== null,
    ...('result' in entry ? { result: entry.result } : {}),
    stability: 'unlisted' in entry ? 'unlisted' : stability,
  };
}

/** Of a type's own fields, and those of its variants: what is written deeper is there when they are. */
function markStability(shape: Shape, name: string, stable: boolean, listed: Record<string, string[]>): void {
  const mark = (fields: Shape['fields'], key: string) => {
    const experimental = new Set(listed[key]);
    for (const [field, at] of Object.entries(fields ?? {})) at.stable = stable && !experimental.has(field);
  };
  mark(shape.fields, name);
  for (const [tag, variant] of Object.entries(shape.variants ?? {})) mark(variant.fields, `${name}:${tag}`);
}

function shapeOf(schema: JsonSchema, where: string): Shape {
  if (typeof schema === 'boolean') return schema ? { any: true } : { never: true };
  const { oneOf, anyOf, allOf, properties, required = [], items, additionalProperties: rest, ...plain } = schema;
  const { $ref, type, enum: values, default: fallback, ...limits } = plain;
  const shape: Shape = { ...limits };
  const kinds = [type ?? []].flat();
  if (kinds.includes('null')) shape.null = true;
  setKinds(shape, kinds);
  if ($ref !== undefined) shape.ref = refName($ref);
  if (values !== undefined) addValues(shape, values);
  const names = new Set([...Object.keys(properties ?? {}), ...required]);
  if (names.size > 0) {
    shape.fields = Object.fromEntries(
      [...names].map((name) => [
        name,
        {
          required: required.includes(name),
          stable: true,
          shape: shapeOf(properties?.[name] ?? true, `${where}.${name}`),
        },
      ]),
    );
  }
  if (items !== undefined) shape.items = shapeOf(items, `${where}[]`);
  if (rest !== undefined) shape.rest = shapeOf(rest, `${where}.*`);
  const unions = Object.entries({ oneOf, anyOf, allOf }).filter(([, parts]) => parts !== undefined);
  if (unions.length > 1) throw new Error(expectedGot(`reading the type ${where}`, 'one union', `${unions.length}`));
  const [union] = unions as [Shape['form'] & string, JsonSchema[]][];
  if (union !== undefined) addUnion(shape, union[0], union[1], where);
  if ('default' in schema) shape.default = canonicalText(fallback);
  return shape;
}

function addUnion(shape: Shape, form: Shape['form'] & string, parts: JsonSchema[], where: string): void {
  const isNull = (part: JsonSchema) => typeof part === 'object' && part.type === 'null';
  const rest = parts.filter((part) => !isNull(part));
  if (rest.length < parts.length) shape.null = true;
  const enums = rest.filter(isEnum);
  const others = rest.filter((part) => !isEnum(part));
  const texts: Shape = {};
  for (const part of enums) {
    setKinds(texts, [part.type ?? []].flat());
    addValues(texts, part.enum ?? []);
  }
  const alone = others.length + (enums.length > 0 ? 1 : 0) === 1;
  if (alone && Object.keys(shape).every((key) => key === 'null')) {
    Object.assign(shape, enums.length > 0 ? texts : shapeOf(others[0] as JsonSchema, where), shape);
    return;
  }
  if (rest.length === 0) return;
  shape.form = form;
  const tag = tagOfAll(others);
  if (tag !== undefined) shape.tag = tag;
  const variants: Record<string, Shape> = {};
  if (enums.length > 0) variants[kindText(texts)] = texts;
  for (const part of others) {
    const variant = shapeOf(part, where);
    const name = variantName(variant, tag);
    // Its key says so; what else holds for that field stays.
    if (tag !== undefined) delete variant.fields?.[tag]?.shape.values;
    let key = name;
    for (let again = 2; key in variants; again++) key = `${name}#${again}`;
    variants[key] = variant;
  }
  shape.variants = variants;
  // A union of objects is one of objects.
  const isObject = ({ kinds, fields }: Shape) => fields !== undefined || kinds?.object === true;
  if (kindText(shape) === 'object' && Object.values(variants).every(isObject)) delete shape.kinds;
}

/** Only values: their descriptions make an engine list them one by one. */
function isEnum(part: JsonSchema): part is SchemaObject {
  return (
    typeof part === 'object' && part.enum !== undefined && Object.keys(part).every((key) => /^(enum|type)$/.test(key))
  );
}

/** The field that allows one text in each part, another in every one. */
function tagOfAll(parts: readonly JsonSchema[]): string | undefined {
  const [first] = parts;
  if (typeof first !== 'object') return undefined;
  const candidates = Object.keys(first.properties ?? {}).sort(
    (a, b) => Number(b === 'type') - Number(a === 'type') || (a < b ? -1 : 1),
  );
  return candidates.find((name) => {
    const tags = parts.map((part) => onlyText(part, name));
    return !tags.includes(undefined) && new Set(tags).size === tags.length;
  });
}

function onlyText(part: JsonSchema, field: string): string | undefined {
  if (typeof part !== 'object' || part.required?.includes(field) !== true) return undefined;
  const schema = part.properties?.[field];
  if (typeof schema !== 'object' || schema.enum?.length !== 1) return undefined;
  const [value] = schema.enum;
  return typeof value === 'string' ? value : undefined;
}

function variantName({ fields = {}, ref, ...shape }: Shape, tag: string | undefined): string {
  if (tag !== undefined) return JSON.parse(Object.keys(fields[tag]?.shape.values ?? {})[0] ?? '""') as string;
  if (ref !== undefined) return ref;
  const required = Object.entries(fields).filter(([, field]) => field.required);
  if (required.length > 0)
    return required
      .map(([name]) => name)
      .sort()
      .join('+');
  return kindText(shape) || 'any';
}

function setKinds(shape: Shape, kinds: readonly string[]): void {
  for (const kind of kinds) if (kind !== 'null') shape.kinds = { ...shape.kinds, [kind]: true };
}

function addValues(shape: Shape, values: readonly unknown[]): void {
  shape.values ??= {};
  for (const value of values) {
    if (value === null) shape.null = true;
    else shape.values[canonicalText(value)] = true;
  }
}

/** `string`, `integer|string`. */
export const kindText = ({ kinds = {} }: Shape): string => Object.keys(kinds).sort().join('|');

const refName = (ref: string): string => ref.slice('#/definitions/'.length);
