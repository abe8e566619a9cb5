import { isBuiltin } from 'node:module';
import { expectedGot } from '../../native/expected-got.mjs';
import type { FoundImport } from './read-imports.ts';

/** A folder may import from itself and from folders with a lower number. */
const levels: Readonly<Record<string, number>> = {
  fixtures: 0,
  native: 1,
  sdk: 2,
  testing: 3,
  harness: 4,
  cli: 5,
  scripts: 5,
  ci: 6,
};

/** Started as programs by the others, so nobody imports them. */
const programs: readonly string[] = ['fake-codex-rs', 'python-golden'];

/** Published without a runtime dependency; what is listed are optional peers. */
const withoutDependencies: readonly string[] = ['native', 'sdk', 'testing'];
const optionalPeers: readonly string[] = [
  '@agentclientprotocol/sdk',
  '@ai-sdk/provider',
  '@modelcontextprotocol/sdk',
  '@openai/codex',
  '@opentelemetry/api',
  '@valibot/to-json-schema',
  'ajv',
  'ws',
  'yaml',
  'zod',
];

/**
 * @param file relative to the root with `/`
 * @returns what was expected of the import, and what it is; undefined when it is as it should be
 */
export function judgeImport(file: string, found: FoundImport): string | undefined {
  const from = folderOf(file);
  if (found.target === undefined) return judgePackage(file, from, found);
  const to = folderOf(found.target);
  if (to === from || from === 'examples') return undefined;
  if (found.target.startsWith('../')) return refuse('a file of the repository', found.specifier);
  if (programs.includes(to)) return refuse(`${to} to be started as a program`, found.target);
  if (from === 'fake-codex-rs') return judgeFake(found);
  if (programs.includes(from)) return refuse('a program that imports nothing of the others', found.target);
  const own = levels[from];
  const other = levels[to];
  if (own !== undefined && other !== undefined && other < own) return undefined;
  return refuse(
    'imports in the order fixtures → native → sdk → testing → harness → cli, scripts → ci',
    `${found.target} in ${from}`,
  );
}

/** A framing bug shared with the SDK would cancel itself out: types alone cannot carry one. */
function judgeFake(found: FoundImport): string | undefined {
  if (found.typeOnly && found.target?.startsWith('sdk/protocol/')) return undefined;
  return refuse('nothing but `import type` from sdk/protocol in fake-codex-rs', found.target);
}

function judgePackage(file: string, from: string, found: FoundImport): string | undefined {
  if (isBuiltin(found.specifier) || found.typeOnly) return undefined;
  if (!withoutDependencies.includes(from) || /\.test\.ts$|\/test-fixtures\//.test(file)) return undefined;
  const name = found.specifier
    .split('/')
    .slice(0, found.specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (optionalPeers.includes(name)) return undefined;
  return refuse(
    `no runtime dependency in ${from} (optional peers: ${optionalPeers.join(', ')})`,
    `the package ${name}`,
  );
}

const refuse = (expected: string, got = 'nothing') => expectedGot('checking an import', expected, got);

const folderOf = (file: string) => file.slice(0, Math.max(0, file.indexOf('/')));
