// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run check --',
    description: `Everything that CI runs: npm test, then npm run parity, then the goals of the scenario library, then a sample of the behaviours'
named breaks, then npm run hosts. Each runs whether or not the one before failed.
The last line is "N passed, N failed", summed; exit code 1 when anything failed.`,
    args: {
      only: {
        type: 'string',
        multiple: true,
        description: 'These stages only: test, parity, coverage, behaviours, hosts',
        valueHint: 'STAGE[,STAGE…]',
      },
      sample: { type: 'string', description: 'How many of the behaviours are broken', valueHint: 'N' },
      seed: { type: 'string', description: 'Which sample of them', valueHint: 'N' },
    },
  },
  needs: ['packages'],
  module: 'ci/check.ts',
  argv: process.argv.slice(2),
  onSetupFailure: '0 passed, 1 failed',
});
