// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run check --',
    description: `Runs everything that CI runs: npm test, npm run parity, the goals of the scenario library, samples of the
behaviours and of explored runs, and npm run hosts. Each part runs even if the one before failed. It ends within 60 minutes
on 2 quiet cores, with a table of the parts and their times, and a line for each failure.
The last line is the sum, "N passed, N failed". The exit code is 1 if anything failed.`,
    args: {
      only: {
        type: 'string',
        multiple: true,
        description: 'Run only these parts: test, doctor, parity, coverage, behaviours, interleave, sweep, fuzz, hosts',
        valueHint: 'STAGE[,STAGE…]',
      },
      sample: { type: 'string', description: 'How many behaviours to prove', valueHint: 'N' },
      seed: { type: 'string', description: 'Which sample of behaviours', valueHint: 'N' },
    },
  },
  needs: ['packages'],
  module: 'ci/check.ts',
  argv: process.argv.slice(2),
  onSetupFailure: '0 passed, 1 failed',
});
