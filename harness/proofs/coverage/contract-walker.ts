import { isObject } from '../../../testing/json/json.ts';
import { tagOf, unionTag } from '../../contract/tagged-union.ts';
import type { Contract, JsonSchema, SchemaObject } from '../../contract/types.ts';

/**
 * Called for what a value or a type contains: a field as `Turn.status` or `ThreadItem{plan}.text`, an enum value as
 * `TurnStatus=failed`, the variant of a tagged union as `ThreadItem{plan}`.
 */
export interface Visitor {
  field(name: string): void;
  enumValue(name: string): void;
  variant(name: string): void;
  /** A field that is null is there too. */
  nulls?: boolean;
}

/** Walks the contract's types, on their own or along a value. */
export class ContractWalker {
  readonly #types: Record<string, SchemaObject>;

  constructor({ schema }: Contract) {
    this.#types = schema.definitions;
  }

  /** Everything that a value of the type could contain. `seen`: types that have been walked; walked types are added. */
  walkType(type: string, visitor: Visitor, seen: Set<string>): void {
    this.#type({ $ref: `#/definitions/${type}` }, type, visitor, seen);
  }

  /**
   * What the value contains of its type. A field counts if it is not null, because the engine sends null for everything
   * it has nothing to say about. Fields and values that the contract does not have are ignored.
   */
  walkValue(type: string, value: unknown, visitor: Visitor): void {
    this.#value({ $ref: `#/definitions/${type}` }, value, type, visitor);
  }

  #type(schema: JsonSchema | undefined, owner: string, visitor: Visitor, seen: Set<string>): void {
    if (typeof schema !== 'object') return;
    const name = refName(schema);
    if (name !== undefined) {
      if (seen.has(name)) return;
      seen.add(name);
      this.#type(this.#types[name], name, visitor, seen);
      return;
    }
    for (const value of schema.enum ?? []) if (value !== null) visitor.enumValue(`${owner}=${value}`);
    for (const one of branches(schema)) {
      if (one.variant !== undefined) visitor.variant(named(owner, one));
      this.#type(one.branch, named(owner, one), visitor, seen);
    }
    for (const [key, field] of Object.entries(schema.properties ?? {})) {
      visitor.field(`${owner}.${key}`);
      this.#type(field, `${owner}.${key}`, visitor, seen);
    }
    this.#type(schema.items, owner, visitor, seen);
    this.#type(schema.additionalProperties, owner, visitor, seen);
  }

  #value(schema: JsonSchema | undefined, value: unknown, owner: string, visitor: Visitor): void {
    if (typeof schema !== 'object' || value === null || value === undefined) return;
    const name = refName(schema);
    if (name !== undefined) {
      this.#value(this.#types[name], value, name, visitor);
      return;
    }
    if (schema.enum?.includes(value as string)) visitor.enumValue(`${owner}=${value}`);
    const tag = unionTagOf(schema);
    for (const one of branches(schema)) {
      const fits = one.variant === undefined ? this.#fits(one.branch, value) : fieldOf(value, tag) === one.variant;
      if (!fits) continue;
      if (one.variant !== undefined) visitor.variant(named(owner, one));
      this.#value(one.branch, value, named(owner, one), visitor);
    }
    if (Array.isArray(value)) {
      for (const element of value) this.#value(schema.items, element, owner, visitor);
      return;
    }
    if (typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) {
      const field = schema.properties?.[key];
      if (field === undefined) this.#value(schema.additionalProperties, inner, owner, visitor);
      else if (inner !== null || visitor.nulls) {
        visitor.field(`${owner}.${key}`);
        this.#value(field, inner, `${owner}.${key}`, visitor);
      }
    }
  }

  /**
   * Whether the value could match the schema, by its kind, its required fields and its tag; its contents are not
   * checked.
   */
  #fits(schema: JsonSchema | undefined, value: unknown): boolean {
    if (typeof schema !== 'object') return schema === true;
    const name = refName(schema);
    if (name !== undefined) return this.#fits(this.#types[name], value);
    const kinds = typeof schema.type === 'string' ? [schema.type] : schema.type;
    if (kinds !== undefined && !kinds.some((kind) => isOf(kind, value))) return false;
    if (schema.enum !== undefined && !schema.enum.includes(value as string)) return false;
    const parts = schema.oneOf ?? schema.anyOf;
    if (parts !== undefined && !parts.some((part) => this.#fits(part, value))) return false;
    if (!isObject(value)) return true;
    const fields = value as Record<string, unknown>;
    return (schema.required ?? []).every((key) => key in fields);
  }
}

interface Branch {
  branch: JsonSchema;
  /** The value of its tag. */
  variant?: string;
}

/** Requested again and again for the same few schemas. */
const known = new WeakMap<SchemaObject, readonly Branch[]>();

/**
 * The parts of a union. Those of a tagged union have their own names and lack the tag, which is neither a field nor an
 * enum.
 */
function branches(schema: SchemaObject): readonly Branch[] {
  const there = known.get(schema);
  if (there !== undefined) return there;
  const property = unionTagOf(schema);
  const parts = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  const made = parts.map((part): Branch => {
    const tag = property === undefined ? undefined : tagOf(part);
    if (tag === undefined || typeof part !== 'object') return { branch: part };
    const { [tag.property]: _tag, ...properties } = part.properties ?? {};
    return { branch: { ...part, properties }, variant: tag.value };
  });
  known.set(schema, made);
  return made;
}

const tags = new WeakMap<SchemaObject, { tag: string | undefined }>();

function unionTagOf(schema: SchemaObject): string | undefined {
  if (schema.oneOf === undefined) return undefined;
  const there = tags.get(schema) ?? { tag: unionTag(schema) };
  tags.set(schema, there);
  return there.tag;
}

const fieldOf = (value: unknown, key: string | undefined): unknown =>
  typeof value === 'object' && value !== null && key !== undefined
    ? (value as Record<string, unknown>)[key]
    : undefined;

const named = (owner: string, { variant }: Branch): string => (variant === undefined ? owner : `${owner}{${variant}}`);

const refName = ({ $ref }: SchemaObject): string | undefined => $ref?.slice('#/definitions/'.length);

function isOf(kind: string, value: unknown): boolean {
  if (kind === 'integer') return Number.isInteger(value);
  if (kind === 'array') return Array.isArray(value);
  if (kind === 'null') return value === null;
  if (kind === 'object') return isObject(value);
  return typeof value === kind;
}
