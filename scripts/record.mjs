// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

const help = `
npm run record [-- GLOB] [--check] [--out DIR]

Sets up what is missing, then records the goldens anew with the reference clients on the real engine.

  GLOB        only the scenarios whose id matches; several are separated by commas
  --check     write nothing; exit code 1 when a golden would change
  --out DIR   write the goldens to this folder, not to fixtures/golden
  --client ID record with this client instead of the reference
  --jobs N    scenarios at once
  --json FILE write what became of each golden to this file
  -h, --help  this text (once set up: the same from the command itself)
`;

await runEntry({
  help,
  // The fake too: a scenario that scripts its engine is recorded on it, and a stale bundle would be recorded without a word.
  needs: ['packages', 'python', 'engine', 'fake'],
  modules: ['harness/cli.ts'],
  argv: ['record', ...process.argv.slice(2)],
  ownHelp: true,
});
