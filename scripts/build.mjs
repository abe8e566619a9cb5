// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

const help = `
npm run build

Sets up what is missing, then makes the package as it is published: dist/package/, ready for \`npm pack\` or \`npm publish\` there.
JavaScript and types of native, sdk and testing, the fake engine in one file, and a package.json of its own.

  -h, --help  this text
`;

await runEntry({
  help,
  needs: ['packages', 'fake'],
  modules: ['scripts/build/main.ts'],
  argv: process.argv.slice(2),
});
