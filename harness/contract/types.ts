/** As much of JSON Schema (draft-07) as the engine's contract uses. */
export type JsonSchema = boolean | SchemaObject;

export interface SchemaObject {
  $ref?: string;
  type?: string | string[];
  enum?: (string | number | boolean | null)[];
  format?: string;
  default?: unknown;
  minimum?: number;
  minLength?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  /** A placeholder: what the generator of contracts did not know here. No committed contract has one. */
  gap?: string;
}

/** `experimental`: only available to a client that requested the experimental API in `initialize`. */
export type Stability = 'stable' | 'experimental';

/** A request that has params (`paramsRequired`), may have them, or has none (`params: null`). */
export interface RequestEntry {
  /** Name of the params' type, `null` if the method has none. */
  params: string | null;
  paramsRequired: boolean;
  /** Name of the result's type. */
  result: string;
  stability: Stability;
}

export interface NotificationEntry {
  params: string | null;
  stability: Stability;
  /** The engine sends it, but its own JSON Schema omits it from the list of notifications. */
  unlisted?: true;
}

/** `methods.json`: who may send what. Keys are wire methods, sorted. */
export interface ContractMethods {
  clientRequests: Record<string, RequestEntry>;
  clientNotifications: Record<string, NotificationEntry>;
  serverRequests: Record<string, RequestEntry>;
  serverNotifications: Record<string, NotificationEntry>;
  /** Types that only exist with the experimental API. */
  experimentalTypes: string[];
  /**
   * Fields that only exist with the experimental API, in types that exist without it. The variant of a tagged union is
   * `Type:tag`.
   */
  experimentalFields: Record<string, string[]>;
}

/** `schema.json`: every named type of the engine's two namespaces in one. */
export interface ContractSchema {
  definitions: Record<string, SchemaObject>;
}

/** `index.json`: the engine that this contract belongs to. */
export interface ContractIndex {
  engineVersion: string;
  engineSha256: string;
  counts: ContractCounts;
  /** What the generator did not know of this contract. No committed contract has any. */
  gaps?: string[];
}

export interface ContractCounts {
  types: number;
  clientRequests: { stable: number; experimental: number };
  clientNotifications: number;
  serverRequests: { stable: number; experimental: number };
  serverNotifications: { listed: number; unlisted: number };
}

export interface Contract {
  version: string;
  index: ContractIndex;
  methods: ContractMethods;
  schema: ContractSchema;
}
