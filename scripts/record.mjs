// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

const help = `
npm run record [-- GLOB] [--check] [--out DIR]

Sets up what is missing, then records the goldens anew with the reference clients on the real engine.

  GLOB        only the scenarios whose id matches
  --check     write nothing; exit code 1 when a golden would change
  --out DIR   write the goldens to this folder, not to fixtures/golden
  -h, --help  this text
`;

await runEntry({
  help,
  needs: ['packages', 'python', 'engine'],
  modules: ['harness/cli.ts'],
  argv: ['record', ...process.argv.slice(2)],
  ownHelp: true,
});
