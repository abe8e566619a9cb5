import { existsSync, readFileSync } from 'node:fs';
import type { JsonObject } from '../exact-json.ts';
import { expectedGot } from '../fake-error.ts';

/** As much of JSON Schema as the engine's contract and the steps of a script use. */
export type Schema = boolean | SchemaObject;
export interface SchemaObject {
  $ref?: string;
  type?: string | string[];
  enum?: (string | number | boolean | null)[];
  const?: string | number | boolean;
  pattern?: string;
  minimum?: number;
  minLength?: number;
  minItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Methods {
  /** Method → name of the result's type. */
  results: Record<string, string>;
  /** Server requests: method → name of the params' type, null if it has none. */
  requests: Record<string, string | null>;
  notifications: Record<string, string | null>;
}

/** The committed contract as the bundler stores it: types as JSON texts, so that only those in use are parsed. */
export interface ContractText {
  methods: Methods;
  types: Readonly<Record<string, string>>;
}

/** Set by the bundler; absent if the source runs unbundled. */
declare const BUNDLED_CONTRACT: string | undefined;

/** Types by name, and the types of the messages that the engine may send, by method. */
export class Contract {
  readonly methods: Methods;
  readonly #texts: Readonly<Record<string, string>>;
  readonly #types = new Map<string, Schema>();

  constructor({ methods, types }: ContractText) {
    this.methods = methods;
    this.#texts = types;
  }

  /** @throws Error if there is no such type */
  type(name: string): Schema {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const text = this.#texts[name];
    if (text === undefined) throw new Error(expectedGot('reading the contract', 'a type of it', name));
    const schema = JSON.parse(text) as Schema;
    this.#types.set(name, schema);
    return schema;
  }

  /** `#/definitions/NAME` → the name and its schema. */
  resolve(ref: string): { name: string; schema: Schema } {
    const name = ref.slice(ref.lastIndexOf('/') + 1);
    return { name, schema: this.type(name) };
  }
}

/**
 * The contract of the pinned engine, and what only other engines of the window have: a script may play any of them. Read when a script first needs it: a
 * replay starts without it.
 */
export function knownContract(): Contract {
  if (typeof BUNDLED_CONTRACT === 'string') return new Contract(JSON.parse(BUNDLED_CONTRACT) as ContractText);
  const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
  const { pin, engines } = read('native/engine.lock.json') as { pin: string; engines: object };
  // What stands in several is the pin's.
  const others = Object.keys(engines).filter((version) => version !== pin && isCommitted(version));
  const versions = [...others, pin];
  const all = (name: string): JsonObject[] =>
    versions.map((version) => read(`fixtures/contract/${version}/${name}.json`));
  return new Contract(contractText(merged(all('methods')), merged(all('schema'))));
}

const isCommitted = (version: string): boolean =>
  existsSync(new URL(`../../fixtures/contract/${version}`, import.meta.url));

/** Of objects that hold objects by name. */
const merged = (all: readonly JsonObject[]): JsonObject =>
  all.reduce((before, after) => ({
    ...after,
    ...Object.fromEntries(
      Object.entries(before).map(([key, value]) => [key, { ...(value as JsonObject), ...(after[key] as JsonObject) }]),
    ),
  }));

function contractText(methods: JsonObject, schema: JsonObject): ContractText {
  const { clientRequests, serverRequests, serverNotifications } = methods as Record<string, Record<string, JsonObject>>;
  const column = <T>(entries: Record<string, JsonObject> = {}, key: string): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).map(([method, entry]) => [method, entry[key] as T]));
  const types = Object.entries(schema.definitions as JsonObject).map(([name, type]) => [name, JSON.stringify(type)]);
  return {
    methods: {
      results: column(clientRequests, 'result'),
      requests: column(serverRequests, 'params'),
      notifications: column(serverNotifications, 'params'),
    },
    types: Object.fromEntries(types),
  };
}
