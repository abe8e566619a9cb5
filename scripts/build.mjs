// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run build',
    description: `Builds the package for publishing in dist/package/: JavaScript and types of native, sdk and testing, the fake engine in one file,
and its package.json. Then packs it as dist/twinproof-VERSION.tgz, ready for \`npm install\` or \`npm publish\`.`,
    args: {},
  },
  needs: ['packages', 'fake'],
  module: 'scripts/build/main.ts',
  argv: process.argv.slice(2),
});
