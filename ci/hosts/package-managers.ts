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
];
