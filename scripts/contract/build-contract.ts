import type { Contract, ContractCounts, ContractMethods, SchemaObject } from '../../harness/contract/types.ts';
import type { GeneratedFiles } from '../generate/publish-folder.ts';
import { buildMethods } from './build-methods.ts';
import { GapList } from './gaps.ts';
import { mergeNamespaces } from './merge-namespaces.ts';
import type { EngineSchemas } from './read-engine-schema.ts';

/**
 * The engine's protocol surface, from what the engine prints. `sha256` is that of the engine's binary. What is not known of it is
 * in `index.gaps`, with marked placeholders in its place: a contract that has any is not fit to be committed.
 */
export function buildContract(schemas: EngineSchemas, sha256: string): Contract {
  const gaps = new GapList();
  const methods = buildMethods(schemas, gaps);
  const known = mergeNamespaces(schemas.experimental, gaps);
  const definitions = withPlaceholders(known, methods, gaps);
  const counts = count(methods, Object.keys(definitions).length);
  return {
    version: schemas.version,
    index: {
      engineVersion: schemas.version,
      engineSha256: sha256,
      counts,
      ...(gaps.told.length > 0 && { gaps: gaps.told }),
    },
    methods,
    schema: { definitions },
  };
}

/** A placeholder for every type that something names and that does not exist. */
function withPlaceholders(
  known: Record<string, SchemaObject>,
  methods: ContractMethods,
  gaps: GapList,
): Record<string, SchemaObject> {
  const inSchema = [...JSON.stringify(known).matchAll(/"#\/definitions\/([^"/]+)"/g)].map(([, name]) => name);
  const entries = [
    methods.clientRequests,
    methods.serverRequests,
    methods.clientNotifications,
    methods.serverNotifications,
  ];
  const inMethods = entries.flatMap((kind): (string | null | undefined)[] =>
    Object.values(kind).flatMap((entry) => [entry.params, 'result' in entry ? entry.result : undefined]),
  );
  const missing = [...inMethods, ...inSchema].filter((name) => typeof name === 'string' && known[name] === undefined);
  const placeholders = [...new Set(missing as string[])].map((name): [string, SchemaObject] => {
    const gap = `there is no type ${name}`;
    // Of methods, it is told already what the type is missed for.
    if (inSchema.includes(name)) gaps.tell(`Reading the types: ${gap}, which another type names`);
    return [name, { gap }];
  });
  const all = [...Object.entries(known), ...placeholders];
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The contract as files: one line for each definition and each method, so that a diff of two versions reads. */
export function contractFiles({ index, methods, schema }: Contract): GeneratedFiles {
  return {
    'index.json': `${JSON.stringify(index, null, 2)}\n`,
    'methods.json': linePerEntry(methods),
    'schema.json': linePerEntry(schema),
  };
}

function linePerEntry(sections: object): string {
  const parts = Object.entries(sections).map(([name, section]) => {
    const lines = Array.isArray(section)
      ? section.map((value) => JSON.stringify(value))
      : Object.entries(section as object).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    const [open, close] = Array.isArray(section) ? '[]' : '{}';
    return `${JSON.stringify(name)}:${open}\n${lines.join(',\n')}\n${close}`;
  });
  return `{\n${parts.join(',\n')}\n}\n`;
}

function count(methods: ContractMethods, types: number): ContractCounts {
  const of = (entries: Record<string, { stability: string }>): { stable: number; experimental: number } => {
    const stable = Object.values(entries).filter(({ stability }) => stability === 'stable').length;
    return { stable, experimental: Object.keys(entries).length - stable };
  };
  const unlisted = Object.values(methods.serverNotifications).filter((entry) => entry.unlisted === true).length;
  return {
    types,
    clientRequests: of(methods.clientRequests),
    clientNotifications: Object.keys(methods.clientNotifications).length,
    serverRequests: of(methods.serverRequests),
    serverNotifications: { listed: Object.keys(methods.serverNotifications).length - unlisted, unlisted },
  };
}
