// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm test --',
    description: `Runs all stages, two at a time, even if an earlier one failed. What failed is named at the end.
The last line is "N passed, N failed". The exit code is 1 if anything failed.

  lint          biome, including formatting
  types         the TypeScript compiler
  report-types  the TypeScript compiler on the report's own script
  imports       imports go one way and have no cycles (scripts/imports/)
  dead-code     knip
  generated     generated files are up to date
  unit          vitest, *.test.ts
  process       vitest, *.process.test.ts: tests that start processes
  engine        vitest, *.engine.test.ts: tests on the pinned engine
  python        unittest in python-golden/tests
  replay        our client against every golden on the fake engine
  browser       Playwright, *.spec.ts: the report in a real browser
  coverage      lines and branches of sdk/ and testing/ that the tests of unit, process and engine
                reached, in the programs they start too: at least 95 %`,
    args: {
      only: { type: 'string', description: 'Run only these stages', valueHint: 'STAGE[,STAGE…]', multiple: true },
    },
  },
  // The runner brings the rest itself: stages that need no Python and no engine run without them.
  needs: ['packages', 'fake'],
  module: 'scripts/test/main.ts',
  argv: process.argv.slice(2),
  onSetupFailure: '0 passed, 1 failed',
});
