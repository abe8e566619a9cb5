// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

const help = `
npm run bench [-- --rounds N]

Ratios against peers, measured side by side in one run; nothing here is a test.

  fake-start  spawn to answered initialize: the fake engine against a bare Node process that answers one line (goal: at most 1.3)
  exec-turn   one turn on the real engine: the three exec clients, and the app-server; events per second of the two in TypeScript

  --rounds N  pairs measured (default 30)
  -h, --help  this text
`;

await runEntry({
  help,
  needs: ['packages', 'python', 'engine', 'fake'],
  modules: ['scripts/bench/fake-start.ts', 'scripts/bench/exec-turn.ts'],
  argv: process.argv.slice(2),
});
