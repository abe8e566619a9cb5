import { parse } from 'yaml';

/** A JSON Schema as far as steps use it. `steps` stands for a list of steps, or several lists. */
export interface StepSchema {
  description?: string;
  type?: string | string[];
  enum?: (string | number)[];
  const?: string | number | boolean;
  pattern?: string;
  minimum?: number;
  minLength?: number;
  minItems?: number;
  minProperties?: number;
  items?: StepSchema;
  properties?: Record<string, StepSchema>;
  required?: string[];
  additionalProperties?: boolean | StepSchema;
  steps?: 'list' | 'lists';
  /** The name of a kind, with what is said of it in TypeScript. */
  kind?: string;
  typeName?: string;
  typeDescription?: string;
}

export interface StepKey {
  key: string;
  required: boolean;
  schema: StepSchema;
}

/** Keys that several steps have. */
export interface StepGroup {
  id: string;
  /** Of its interface in TypeScript. */
  name: string;
  title: string;
  description: string;
  keys: StepKey[];
}

export interface StepDefinition {
  verb: string;
  description: string;
  /** What stands for the value in the docs. */
  placeholder: string;
  /** What a driver does at such a step; of a scenario's alone. */
  driver?: string;
  /** A run of exec cannot have it. */
  server: boolean;
  value: StepSchema;
  keys: StepKey[];
  groups: { group: StepGroup; keys: StepKey[] }[];
}

/** A language of steps. */
export interface StepLanguage {
  /** Of the type of a step in TypeScript. */
  name: string;
  title: string;
  description: string;
  /** Kinds with a type of their own. */
  types: StepSchema[];
  groups: StepGroup[];
  /** The group whose keys may stand beside every verb; its interface is for others too. */
  everywhere?: StepGroup;
  steps: StepDefinition[];
}

type Keys = Record<string, Omit<StepSchema, 'required'> & { required?: boolean }>;
interface Source {
  name: string;
  title: string;
  description: string;
  kinds: Record<string, StepSchema>;
  groups?: Record<string, { name: string; title: string; description: string; keys: Keys }>;
  everywhere?: string;
  steps: Record<
    string,
    {
      description: string;
      placeholder: string;
      driver?: string;
      server?: true;
      value: StepSchema;
      keys?: Keys;
      with?: Record<string, 'all' | string[]>;
    }
  >;
}

/**
 * Reads a definition of steps (fixtures/steps/script.yaml explains its form); kinds are put in their places.
 * @throws Error for a kind, group or key that is not defined
 */
export function readSteps(text: string): StepLanguage {
  const source = parse(text) as Source;
  const inPlace = (schema: StepSchema): StepSchema => {
    if (schema.kind === undefined) return schema;
    const kind = source.kinds[schema.kind];
    if (kind === undefined) throw new Error(`Reading steps: expected a kind, got ${schema.kind}.`);
    return { ...schema, ...kind };
  };
  const keysOf = (keys: Keys = {}): StepKey[] =>
    Object.entries(keys).map(([key, { required = false, ...schema }]) => ({ key, required, schema: inPlace(schema) }));
  const groups = Object.entries(source.groups ?? {}).map(([id, group]) => ({ ...group, id, keys: keysOf(group.keys) }));
  const everywhere = groups.find(({ id }) => id === source.everywhere);
  if (source.everywhere !== undefined && everywhere === undefined)
    throw new Error(`Reading steps: expected a group everywhere, got ${source.everywhere}.`);
  const steps = Object.entries(source.steps).map(([verb, step]) => ({
    verb,
    description: step.description,
    placeholder: step.placeholder,
    ...(step.driver !== undefined && { driver: step.driver }),
    server: step.server === true,
    value: inPlace(step.value),
    keys: keysOf(step.keys),
    groups: Object.entries(step.with ?? {}).map(([id, which]) => {
      const group = groups.find((one) => one.id === id);
      const keys = group?.keys.filter(({ key }) => which === 'all' || which.includes(key));
      if (group === undefined || keys === undefined || (which !== 'all' && keys.length !== which.length))
        throw new Error(`Reading steps: expected keys of a group, got ${id}: ${String(which)}.`);
      return { group, keys };
    }),
  }));
  const types = Object.entries(source.kinds).flatMap(([kind, schema]) =>
    schema.typeName === undefined ? [] : [{ ...schema, kind }],
  );
  return {
    name: source.name,
    title: source.title,
    description: source.description,
    types,
    groups,
    ...(everywhere && { everywhere }),
    steps,
  };
}

/** Every key that may stand beside the verb. */
export const allKeys = ({ keys, groups }: StepDefinition): StepKey[] => [
  ...keys,
  ...groups.flatMap((group) => group.keys),
];

/** The same without a word of explanation. */
export function withoutProse(language: StepLanguage): StepLanguage {
  const bare = <T extends { description?: string }>(said: T): T => ({ ...said, description: '' });
  const keys = (all: StepKey[]) => all.map((key) => ({ ...key, schema: bare(key.schema) }));
  return {
    ...language,
    types: language.types.map((type) => ({ ...type, typeDescription: '' })),
    groups: language.groups.map((group) => ({ ...bare(group), keys: keys(group.keys) })),
    steps: language.steps.map((step) => ({ ...bare(step), value: bare(step.value), keys: keys(step.keys) })),
  };
}
