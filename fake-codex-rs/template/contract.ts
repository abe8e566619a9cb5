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

/** The contracts of the window: the pin's, and of each engine what is not as the pin has it. */
interface BundledContracts {
  pins: ContractText;
  own: Readonly<Record<string, ContractText>>;
}

/** Set by the bundler; absent if the source runs unbundled. */
declare const BUNDLED_CONTRACTS: string | undefined;

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
 * The contract of an engine of the window, the pin's for a version that is none, and what only other engines of the window have: a script may play any of them.
 * Read when a script first needs it: a replay starts without it.
 */
export function knownContract(version: string): Contract {
  if (typeof BUNDLED_CONTRACTS === 'string') {
    const { pins, own } = JSON.parse(BUNDLED_CONTRACTS) as BundledContracts;
    const { methods, types } = own[version] ?? pins;
    return new Contract({
      methods: {
        results: { ...pins.methods.results, ...methods.results },
        requests: { ...pins.methods.requests, ...methods.requests },
        notifications: { ...pins.methods.notifications, ...methods.notifications },
      },
      types: { ...pins.types, ...types },
    });
  }
  const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
  const { pin, engines } = read('native/engine.lock.json') as { pin: string; engines: object };
  const window = Object.keys(engines).filter(isCommitted);
  // What stands in several is that of the last.
  const last = window.includes(version) ? version : pin;
  const versions = [...window.filter((other) => other !== last && other !== pin), pin, last];
  const all = (name: string): JsonObject[] => versions.map((one) => read(`fixtures/contract/${one}/${name}.json`));
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
