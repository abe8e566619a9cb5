// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm test --',
    description: `Runs all stages in order, whether or not an earlier one failed.
The last line is "N passed, N failed"; exit code 1 when anything failed.

  lint          biome, formatting included
  types         the TypeScript compiler
  report-types  the TypeScript compiler on the report's own script
  imports       imports go one way, and no cycles (scripts/imports/)
  dead-code     knip
  generated     generated files are what their generators write
  unit          vitest, *.test.ts
  process       vitest, *.process.test.ts: tests that start processes
  engine        vitest, *.engine.test.ts: tests on the pinned engine
  python        unittest in python-golden/tests
  replay        our client against every golden on the fake engine
  browser       Playwright, *.spec.ts: the report in a real browser`,
    args: {
      only: { type: 'string', description: 'These stages only', valueHint: 'STAGE[,STAGE…]', multiple: true },
    },
  },
  // The runner brings the rest itself: stages that need no Python and no engine run without them.
  needs: ['packages', 'fake'],
  module: 'scripts/test/main.ts',
  argv: process.argv.slice(2),
  onSetupFailure: '0 passed, 1 failed',
});
