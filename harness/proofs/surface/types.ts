import type { JsonValue } from '../../../testing/json/json.ts';

/**
 * A parameter of a function. `option`: only by name (Python: keyword-only; ours: a field of the last parameter,
 * `options`).
 */
export interface SurfaceParameter {
  name: string;
  kind: 'positional' | 'option';
  required: boolean;
  /** As it is written; absent where the reader does not tell. */
  type?: string;
  /** Absent: none, or unknown to the reader. */
  default?: JsonValue;
}

/** A public field. `nullable`: it may hold null. */
export interface SurfaceField {
  name: string;
  required: boolean;
  nullable?: boolean;
  type?: string;
  default?: JsonValue;
}

/** One public name of a module, in its language's own spelling. Parts that its kind does not have are absent. */
export interface SurfaceSymbol {
  /** `root`: what most programs import; `types`: the protocol's types. */
  module: 'root' | 'types';
  name: string;
  kind: 'value' | 'function' | 'class' | 'exception' | 'enum' | 'record' | 'union' | 'alias';
  /** Of an exception. */
  base?: string;
  /** Whether leaving a block closes it (`with`, `await using`). */
  context?: boolean;
  /** Parameters of the constructor; null if only the SDK creates it. */
  construct?: SurfaceParameter[] | null;
  /** Of a function. */
  parameters?: SurfaceParameter[];
  /** Of a function: the type of what it gives. */
  returns?: string;
  fields?: SurfaceField[];
  methods?: { name: string; parameters: SurfaceParameter[]; returns?: string }[];
  /** For an enum or a union: names, and the values on the wire. */
  members?: Record<string, string>;
  /** For a union of records: what identifies each one, and its fields. */
  variants?: { tag: string; fields: SurfaceField[] }[];
}

/** What a program may use of an SDK. */
export interface Surface {
  version: string;
  symbols: SurfaceSymbol[];
}

/** One comparable fact of a surface; its name is in `SurfaceItems`. */
export interface SurfaceItem {
  kind: 'symbol' | 'method' | 'parameter' | 'field' | 'member' | 'variant' | 'base' | 'context';
  /** The name of its symbol. */
  owner: string;
  /** Whether it describes how to create an `owner`. */
  construct?: boolean;
  required?: boolean;
  nullable?: boolean;
  default?: JsonValue;
  /** Of a parameter: its place, or `option`. */
  place?: number | 'option';
  /** Of an enum's member or of a base. */
  value?: string;
  /** Of a parameter or a field; of a method or a function, what it gives. Only where two versions of one SDK are compared. */
  type?: string;
}

/** Facts by name: `Codex`, `Codex.threadStart()`, `Codex.threadStart(cwd)`, `Sandbox.readOnly`, `types.Turn.id`, `ParseError extends`. */
export type SurfaceItems = ReadonlyMap<string, SurfaceItem>;
