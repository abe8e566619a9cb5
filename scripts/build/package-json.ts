import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program may import, and the module behind it (without its extension). */
export const entries: Readonly<Record<string, string>> = {
  '.': 'sdk/index',
  './exec': 'sdk/exec',
  './types': 'sdk/types',
  './protocol': 'sdk/protocol/index',
  './testing': 'testing/index',
  './native': 'native/index',
  './ai-sdk': 'sdk/ai-sdk',
  './acp': 'sdk/acp',
};

/** Entries that are made of the others: what they share with those, they import as a program does. */
export const bridges: readonly string[] = ['sdk/ai-sdk', 'sdk/acp'];

/** The program `twinproof`, without its extension. */
export const bin = 'cli/twinproof';

/** Where the fake engine's bundle is, in the repository and in the package alike: the test kit finds it from its own place. */
export const fakeBundle = 'dist/fake-codex-rs.mjs';

/** Packages of which a part is made use of if they are there, each loaded when an option asks for it. */
const optionalPeers: Readonly<Record<string, string>> = {
  '@agentclientprotocol/sdk': '^2.0.0',
  '@ai-sdk/provider': '^4.0.0',
  '@modelcontextprotocol/sdk': '^1.23.0',
  '@opentelemetry/api': '^1.9.0',
  '@valibot/to-json-schema': '^1.3.0',
  ai: '^7.0.0',
  ajv: '^8.12.0',
  yaml: '^2.0.0',
  zod: '^3.25.0 || ^4.0.0',
};

/**
 * The published `package.json`: the repository's name, version and engines, its own exports and programs, and no dependencies. Optional peers: the
 * engine's package in the range that parity is proven on (not needed if you have your own engine), and what single options load.
 */
export function publishedPackageJson(root: string): object {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const { name, version, description, license, engines } = read('package.json');
  const { engines: window } = read('native/engine.lock.json');
  const peers = { '@openai/codex': provenRange(Object.keys(window)), ...optionalPeers };
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines,
    sideEffects: false,
    // Yarn keeps packages in archives, from which no program can be started: the fake engine, the tee.
    preferUnplugged: true,
    // TypeScript's oldest resolution (`node10`) knows no `exports`: it takes these three, for which ES and CommonJS are one.
    main: './cjs/sdk/index.js',
    types: './sdk/index.d.ts',
    typesVersions: {
      '*': Object.fromEntries(
        Object.entries(entries).flatMap(([key, module]) => (key === '.' ? [] : [[key.slice(2), [`./${module}.d.ts`]]])),
      ),
    },
    exports: {
      ...Object.fromEntries(
        Object.entries(entries).map(([key, module]) => [
          key,
          {
            import: { types: `./${module}.d.ts`, default: `./${module}.js` },
            // Node's own `require` takes the ES module: one copy for all of a program.
            'module-sync': `./${module}.js`,
            require: { types: `./cjs/${module}.d.ts`, default: `./cjs/${module}.js` },
          },
        ]),
      ),
      './package.json': './package.json',
    },
    bin: { twinproof: `${bin}.js`, 'fake-codex-rs': fakeBundle },
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map((name) => [name, { optional: true }])),
  };
}

/** From the oldest to the newest engine of the window; in the lock they stand in this order. */
const provenRange = (versions: readonly string[]): string => `>=${versions[0]} <=${versions.at(-1)}`;
