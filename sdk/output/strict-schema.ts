import { expectedGot } from '../../native/expected-got.mjs';
import { isObject } from '../rpc/is-object.ts';
import { referenced, restoredBy } from './restore-answer.ts';
import { checkLimits } from './schema-limits.ts';
import { type Json, type JsonObject, typeOf, typesOf } from './schema-node.ts';

/** A JSON Schema in the form that strict structured outputs take, and the way back. */
export interface StrictSchema {
  schema: JsonObject;
  /** Turns an answer that fits the strict schema into a value of the original one. Anything else is returned as it is. */
  restore(answer: unknown): unknown;
}

/** Says something about a value and does not limit it. What strict outputs have no use for is left out. */
const annotations = new Set([
  ...['title', 'description', 'default', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly', '$comment'],
  ...['$schema', '$id', 'id', '$anchor', '$defs', 'definitions', '$vocabulary'],
  ...['contentEncoding', 'contentMediaType', 'discriminator', 'nullable'],
]);
/** Limits that strict outputs lack. They are told to the model in the description, and checked when the answer is there. */
const told = [
  ...['minLength', 'maxLength', 'pattern', 'format', 'uniqueItems', 'contains', 'minContains', 'maxContains'],
  ...['minProperties', 'maxProperties', 'propertyNames', 'dependentRequired'],
] as const;
/** Limits that strict outputs have. */
const kept = [
  'multipleOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
] as const;
const eachCase = 'Use anyOf, with one object for each case';
const record = 'Use an array of objects with a key and a value';
const tuple = 'Use an object with one property for each place';
/** What shapes a value in a way that strict outputs cannot: leaving it out would ask the model for something else. */
const refused = new Map([
  ['not', 'Say what the value is, not what it is not'],
  ...['if', 'then', 'else', 'dependentSchemas', 'dependencies'].map((keyword) => [keyword, eachCase] as const),
  ['patternProperties', record],
  ...['prefixItems', 'additionalItems'].map((keyword) => [keyword, tuple] as const),
  ['unevaluatedItems', 'Use items'],
  ...['$dynamicRef', '$recursiveRef'].map((keyword) => [keyword, 'Use $ref with a path such as #/$defs/Step'] as const),
]);
const forms = ['$ref', 'anyOf', 'oneOf', 'allOf'] as const;
const formats = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']);
/** Lookarounds and references to groups, which no automaton can follow. */
const irregular = /\(\?<?[=!]|\\[1-9]|\\k</;
const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
/** The name of the only property where the schema is not an object. */
const wrapper = 'value';
const deepest = 200;

/**
 * Makes a JSON Schema strict: every object is closed, every property is required, and an optional one may be null
 * instead, which `restore` removes again. A schema that is not an object becomes the property `value` of one. Whatever
 * fits the strict schema also fits the original, except for limits that only a validator can check.
 * @param original JSON values; they stay as they are
 * @throws TypeError, with the path, for a schema that has no strict form
 */
export function strictSchema(original: object): StrictSchema {
  return new Transformation(original as JsonObject).result();
}

class Transformation {
  readonly #root: JsonObject;
  readonly #definitions = new Map<string, { name: string; schema: JsonObject }>();
  /** References to the whole schema, which is at the root or, if it is not an object, among the definitions. */
  readonly #rootReferences: JsonObject[] = [];
  /** The unions that exist only because a property was optional. */
  readonly #optional = new Set<unknown>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  result(): StrictSchema {
    const { schema, path } = this.#followed(this.#root, '#');
    const whole = this.#node(schema, path, 0);
    const wrapped = whole.type !== 'object';
    for (const reference of this.#rootReferences) reference.$ref = wrapped ? '#/$defs/root' : '#';
    const definitions = [...this.#definitions.values()].map(({ name, schema: one }): [string, Json] => [name, one]);
    if (wrapped && this.#rootReferences.length > 0) definitions.push(['root', whole]);
    const strict: JsonObject = {
      ...(wrapped ? closedObject({ [wrapper]: whole }) : whole),
      ...(definitions.length > 0 && { $defs: Object.fromEntries(definitions) }),
    };
    this.#checkEnds(strict, '#', strict);
    for (const [path, { schema: one }] of this.#definitions) this.#checkEnds(one, path, strict);
    checkLimits(strict);
    const restore = restoredBy(strict, this.#optional);
    return {
      schema: strict,
      restore: (answer) => {
        const restored = restore(answer);
        return wrapped && isObject(restored) && Object.hasOwn(restored, wrapper) ? restored[wrapper] : restored;
      },
    };
  }

  /** The schema that a root stands for which only refers to another: a root of strict outputs is no reference. */
  #followed(schema: JsonObject, path: string, seen: readonly string[] = []): { schema: JsonObject; path: string } {
    if (typeof schema.$ref !== 'string') return { schema, path };
    if (seen.includes(path)) throw endless(path);
    this.#checkAlone(schema, '$ref', path);
    const target = this.#target(schema.$ref, path);
    return this.#followed(target.schema, target.path, [...seen, path]);
  }

  /** A schema that is itself again before there is any value would be looked up forever. */
  #checkEnds(node: JsonObject, path: string, root: JsonObject, around: readonly JsonObject[] = []): void {
    if (around.includes(node)) throw endless(path);
    const inside = [...around, node];
    if (Array.isArray(node.anyOf))
      for (const part of node.anyOf) this.#checkEnds(part as JsonObject, path, root, inside);
    if (typeof node.$ref === 'string') this.#checkEnds(referenced(node.$ref, root), path, root, inside);
  }

  #node(schema: Json | undefined, path: string, depth: number): JsonObject {
    if (depth > deepest) throw refusal(path, `a schema of at most ${deepest} levels`, 'more');
    if (schema === true || (isObject(schema) && Object.keys(schema).every((key) => annotations.has(key)))) {
      throw refusal(path, 'a type', 'a schema that allows anything', 'Say what the value is');
    }
    if (!isObject(schema)) throw refusal(path, 'a schema with a type', shown(schema));
    for (const [keyword, advice] of refused) {
      if (keyword in schema) throw refusal(path, 'keywords of strict outputs', `"${keyword}"`, advice);
    }
    const form = forms.find((one) => one in schema);
    if (form === undefined) return this.#typed(schema as JsonObject, path, depth);
    this.#checkAlone(schema as JsonObject, form, path);
    const notes = notesOf(schema as JsonObject);
    if (form === '$ref') {
      const reference = this.#reference(schema.$ref, path, depth);
      // A reference has nothing beside it.
      return Object.keys(notes).length > 0 ? { ...notes, anyOf: [reference] } : reference;
    }
    const parts = schema[form];
    if (!Array.isArray(parts) || parts.length === 0) {
      throw refusal(`${path}/${form}`, 'a list of schemas', shown(parts as Json));
    }
    if (form === 'allOf') {
      const advice = 'Merge its parts into one schema';
      if (parts.length > 1) throw refusal(path, 'keywords of strict outputs', '"allOf" of several parts', advice);
      return { ...this.#node(parts[0], `${path}/allOf/0`, depth + 1), ...notes };
    }
    return { ...notes, anyOf: parts.map((part, at) => this.#node(part, `${path}/${form}/${at}`, depth + 1)) };
  }

  #checkAlone(schema: JsonObject, form: string, path: string): void {
    const other = Object.keys(schema).find((key) => key !== form && (isLimit(key) || forms.some((one) => one === key)));
    if (other === undefined) return;
    throw refusal(path, `"${form}" without other limits beside it`, `"${other}"`, `Move "${other}" into each part`);
  }

  #typed(schema: JsonObject, path: string, depth: number): JsonObject {
    const own = ownTypes(schema, path);
    const strict: JsonObject = { ...notesOf(schema), type: own.length === 1 ? (own[0] as string) : own };
    const isOneOf = (value: Json) => typesOf(value).some((type) => own.includes(type));
    if ('enum' in schema) strict.enum = scalars(schema.enum, `${path}/enum`, isOneOf);
    if ('const' in schema) strict.const = scalars([schema.const as Json], `${path}/const`, isOneOf)[0] as Json;
    for (const keyword of kept) {
      if (!(keyword in schema)) continue;
      if (typeof schema[keyword] !== 'number') throw refusal(`${path}/${keyword}`, 'a number', shown(schema[keyword]));
      strict[keyword] = schema[keyword];
    }
    if (own.includes('object')) Object.assign(strict, this.#object(schema, path, depth));
    if (own.includes('array')) {
      const itemsPath = `${path}/items`;
      if (Array.isArray(schema.items)) throw refusal(itemsPath, 'one schema for all elements', 'a list', tuple);
      if (!('items' in schema)) throw refusal(path, 'an array with "items"', 'none', 'Say what its elements are');
      strict.items = this.#node(schema.items, itemsPath, depth + 1);
    }
    return { ...strict, ...limitsOf(schema, strict.description) };
  }

  #object(schema: JsonObject, path: string, depth: number): JsonObject {
    const { properties = {}, required = [], additionalProperties: others, unevaluatedProperties: rest } = schema;
    if (!isObject(properties)) throw refusal(`${path}/properties`, 'an object of schemas', shown(properties));
    if (!Array.isArray(required)) throw refusal(`${path}/required`, 'a list of names', shown(required));
    const closed = others === false || rest === false;
    for (const [keyword, open] of [
      ['additionalProperties', others] as const,
      ['unevaluatedProperties', rest] as const,
    ]) {
      if (!isObject(open) || Object.keys(open).length === 0) continue;
      throw refusal(`${path}/${keyword}`, 'an object whose properties all have names', 'others by a schema', record);
    }
    if (Object.keys(properties).length === 0 && !closed) {
      throw refusal(path, 'an object that names its properties', 'one that has any', record);
    }
    for (const name of required) {
      if (typeof name === 'string' && Object.hasOwn(properties, name)) continue;
      throw refusal(`${path}/required`, 'names of its properties', JSON.stringify(name));
    }
    const entries = Object.entries(properties).flatMap(([name, property]): [string, JsonObject][] => {
      // A property that no value can have: a closed object says the same.
      if (property === false && !required.includes(name)) return [];
      const node = this.#node(property as Json, `${path}/properties/${escaped(name)}`, depth + 1);
      return [[name, required.includes(name) || this.#mayBeNull(node) ? node : this.#orAbsent(node)]];
    });
    return closedObject(Object.fromEntries(entries));
  }

  #orAbsent(node: JsonObject): JsonObject {
    const union: JsonObject = { anyOf: [node, { type: 'null' }] };
    this.#optional.add(union);
    return union;
  }

  /** Whether null is a value already: it then stays one, and cannot mean that the property is absent. */
  #mayBeNull(node: JsonObject, seen: readonly JsonObject[] = []): boolean {
    if (seen.includes(node)) return false;
    if (typeof node.$ref === 'string') {
      const target = [...this.#definitions.values()].find(({ name }) => node.$ref === `#/$defs/${name}`);
      // The whole schema may not be there yet; null as the whole answer is then still a value of it.
      return target ? this.#mayBeNull(target.schema, [...seen, node]) : mayBeNull(this.#root);
    }
    if (Array.isArray(node.anyOf))
      return node.anyOf.some((part) => this.#mayBeNull(part as JsonObject, [...seen, node]));
    return mayBeNull(node);
  }

  #reference(pointer: unknown, path: string, depth: number): JsonObject {
    const { schema, path: target } = this.#target(pointer, path);
    if (target === '#') {
      const reference: JsonObject = { $ref: '#' };
      this.#rootReferences.push(reference);
      return reference;
    }
    const known = this.#definitions.get(target);
    if (known) return { $ref: `#/$defs/${known.name}` };
    const definition = { name: this.#freeName(target), schema: {} as JsonObject };
    this.#definitions.set(target, definition);
    // Filled in afterwards, because it may refer to itself.
    Object.assign(definition.schema, this.#node(schema, target, depth + 1));
    return { $ref: `#/$defs/${definition.name}` };
  }

  #target(pointer: unknown, path: string): { schema: JsonObject; path: string } {
    const expected = 'a reference to a place in this schema, such as #/$defs/Step';
    if (pointer === '#') return { schema: this.#root, path: '#' };
    if (typeof pointer !== 'string' || !pointer.startsWith('#/')) {
      throw refusal(`${path}/$ref`, expected, shown(pointer as Json));
    }
    let place: unknown = this.#root;
    for (const segment of pointer.slice(2).split('/')) {
      const key = unescaped(segment);
      place =
        typeof place === 'object' && place !== null && Object.hasOwn(place, key) ? place[key as never] : undefined;
    }
    if (!isObject(place)) throw refusal(`${path}/$ref`, expected, `${pointer}, where there is none`);
    return { schema: place as JsonObject, path: pointer };
  }

  #freeName(path: string): string {
    const last = unescaped(path.split('/').at(-1) ?? '').replaceAll(/[^A-Za-z0-9_-]/g, '_') || 'part';
    const taken = new Set(['root', ...[...this.#definitions.values()].map(({ name }) => name)]);
    let name = last;
    for (let n = 2; taken.has(name); n++) name = `${last}_${n}`;
    return name;
  }
}

const closedObject = (properties: { [name: string]: Json }): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const isLimit = (key: string) =>
  ['type', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'items', ...told, ...kept].includes(key);

function ownTypes(schema: JsonObject, path: string): string[] {
  const { type } = schema;
  if (type === undefined) return impliedTypes(schema, path);
  const list = Array.isArray(type) ? type : [type];
  const wrong = list.find((one) => typeof one !== 'string' || !types.has(one));
  if (list.length > 0 && wrong === undefined) return [...new Set(list as string[])];
  throw refusal(`${path}/type`, `a type of JSON Schema`, shown(list.length > 0 ? wrong : type));
}

/** Strict outputs ask for a type where JSON Schema can do without. */
function impliedTypes(schema: JsonObject, path: string): string[] {
  if ('properties' in schema) return ['object'];
  if ('items' in schema) return ['array'];
  if ('const' in schema) return [typeOf(schema.const as Json)];
  if (Array.isArray(schema.enum)) return [...new Set(schema.enum.map(typeOf))];
  throw refusal(path, 'a type', `only ${JSON.stringify(Object.keys(schema))}`, 'Add "type"');
}

function scalars(values: Json | undefined, path: string, fits: (value: Json) => boolean): Json[] {
  if (!Array.isArray(values)) throw refusal(path, 'a list of values', shown(values));
  const wrong = values.find((value) => typeof value === 'object' && value !== null);
  if (wrong !== undefined) throw refusal(path, 'texts, numbers, true, false or null', shown(wrong));
  const fitting = values.filter(fits);
  if (fitting.length === 0) throw refusal(path, 'a value of the type', shown(values[0]));
  return fitting;
}

function mayBeNull(schema: JsonObject): boolean {
  if ('const' in schema) return schema.const === null;
  if (Array.isArray(schema.enum)) return schema.enum.includes(null);
  return schema.type === 'null' || (Array.isArray(schema.type) && schema.type.includes('null'));
}

function notesOf({ title, description }: JsonObject): JsonObject {
  return {
    ...(typeof title === 'string' && { title }),
    ...(typeof description === 'string' && { description }),
  };
}

/** `format` and `pattern` as far as strict outputs have them, and a description that tells the limits they lack. */
function limitsOf(schema: JsonObject, description: Json | undefined): JsonObject {
  const limits: JsonObject = {};
  if (typeof schema.format === 'string' && formats.has(schema.format)) limits.format = schema.format;
  if (typeof schema.pattern === 'string' && !irregular.test(schema.pattern)) limits.pattern = schema.pattern;
  const missing = told.filter((keyword) => {
    if (!(keyword in schema) || keyword in limits) return false;
    // Libraries write a pattern beside the format that says the same.
    return !(keyword === 'pattern' && 'format' in limits);
  });
  if (missing.length === 0) return limits;
  const note = `Must have ${missing.map((keyword) => `${keyword} ${JSON.stringify(schema[keyword])}`).join(', ')}.`;
  return { ...limits, description: typeof description === 'string' ? `${description}\n${note}` : note };
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** A percent sign that escapes nothing stands for itself. */
const unescaped = (segment: string): string =>
  segment
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'))
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');

const shown = (value: Json | undefined) => {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

const endless = (path: string) => refusal(path, 'a schema that ends', 'one that only refers to itself');

function refusal(path: string, expected: string, got: string, advice?: string): TypeError {
  return new TypeError(expectedGot(`making the output schema strict at ${path}`, expected, got, advice));
}
