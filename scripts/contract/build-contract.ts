import type { Contract, ContractCounts, ContractMethods } from '../../harness/contract/types.ts';
import type { GeneratedFiles } from '../generate/publish-folder.ts';
import { buildMethods } from './build-methods.ts';
import { mergeNamespaces } from './merge-namespaces.ts';
import type { EngineSchemas } from './read-engine-schema.ts';

/** The engine's protocol surface, from what the engine prints. `sha256` is that of the engine's binary. */
export function buildContract(schemas: EngineSchemas, sha256: string): Contract {
  const methods = buildMethods(schemas);
  const definitions = mergeNamespaces(schemas.experimental);
  const counts = count(methods, Object.keys(definitions).length);
  return {
    version: schemas.version,
    index: { engineVersion: schemas.version, engineSha256: sha256, counts },
    methods,
    schema: { definitions },
  };
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
