import { overrides, shim } from './codex-sdk-shim.ts';
import { type Host, program, said } from './host.ts';

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
