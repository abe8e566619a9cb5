import { readEngineLock } from '../../native/index.ts';
import { type Host, program, said } from './host.ts';

/** A package that stands in for the official SDK below a dependency that asks for it; docs/from-codex-sdk.md shows the same files. */
export const shim: Readonly<Record<string, string>> = {
  'codex-sdk/package.json': `{
  "name": "@openai/codex-sdk",
  "version": "0.163.0",
  "type": "module",
  "exports": { ".": { "types": "./index.d.ts", "default": "./index.js" } }
}
`,
  'codex-sdk/index.js': "export * from 'twinproof/exec';\n",
  'codex-sdk/index.d.ts': "export * from 'twinproof/exec';\n",
};

/** What makes npm take it, in the program's own package.json. */
export const overrides = { '@openai/codex-sdk': 'file:./codex-sdk' };

/** The program of the package, in an empty project of a package manager: what is installed is then found and proven. */
const cli = (id: 'npm' | 'pnpm' | 'yarn', run: string): Host => ({
  id: `${id}-twinproof`,
  title: `${id}, an empty project: twinproof demo, install, doctor, verify`,
  installer: id,
  alone: true,
  files: {},
  steps: [
    `${run} demo`,
    `${run} install ${readEngineLock().pin} --from {archive} --sha256 {sha256}`,
    `${run} doctor --check strict`,
    `${run} verify`,
  ],
  expect: '4 passed, 0 failed',
});

/** Ways in which packages come to lie in a project. */
export const packageManagers: readonly Host[] = [
  { id: 'npm', title: 'npm, an ES module', files: { 'app.mjs': program }, steps: ['node app.mjs'], expect: said },
  {
    id: 'pnpm',
    title: 'pnpm, where the engine is visible to @openai/codex alone',
    installer: 'pnpm',
    files: { 'app.mjs': program },
    steps: ['node app.mjs'],
    expect: said,
  },
  {
    id: 'yarn-pnp',
    title: 'Yarn without node_modules, the engine unpacked',
    installer: 'yarn',
    manifest: { dependenciesMeta: { '@openai/codex-linux-x64': { unplugged: true } } },
    files: { 'app.mjs': program },
    steps: ['node {tool}/@yarnpkg/cli-dist/bin/yarn.js node app.mjs'],
    expect: said,
  },
  cli('npm', 'npx twinproof'),
  cli('pnpm', 'node {tool}/pnpm/bin/pnpm.mjs exec twinproof'),
  cli('yarn', 'node {tool}/@yarnpkg/cli-dist/bin/yarn.js run twinproof'),
  {
    id: 'npm-override',
    title: 'a dependency that asks for @openai/codex-sdk gets twinproof/exec',
    manifest: { overrides },
    files: {
      ...shim,
      'dependent/package.json': JSON.stringify({
        name: 'dependent',
        version: '1.0.0',
        type: 'module',
        exports: './index.js',
        dependencies: { '@openai/codex-sdk': '^0.163.0' },
      }),
      'dependent/index.js': "export { Codex } from '@openai/codex-sdk';\n",
      'app.mjs': `
import { Codex } from 'dependent';
import * as exec from 'twinproof/exec';
console.log(Codex === exec.Codex);\n`,
    },
    steps: [
      'npm pack --silent ./dependent',
      'npm install --silent --no-audit --no-fund ./dependent-1.0.0.tgz',
      'node app.mjs',
    ],
    expect: 'true',
  },
];
