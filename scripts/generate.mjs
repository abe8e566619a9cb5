// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

const help = `
npm run generate [-- --check]

Sets up what is missing, then generates fixtures/contract/ from the pinned engine and sdk/protocol/ from fixtures/contract/, and
docs/parity.md from both SDKs and the scenarios, docs/commands.md from the commands' definitions, docs/api/ from the doc comments.

  --check     write nothing; exit code 1 when a file would change, naming it
  -h, --help  this text
`;

await runEntry({
  help,
  needs: ['packages', 'python', 'engine'],
  modules: [
    'scripts/generate-contract.ts',
    'scripts/generate-protocol.ts',
    'scripts/generate-parity.ts',
    'scripts/generate-commands.ts',
    'scripts/generate-api.ts',
  ],
  argv: process.argv.slice(2),
});
