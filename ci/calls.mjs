// @ts-check
import { runEntry } from '../scripts/bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run calls --',
    description: `Makes small calls of the SDK, of every kind, on a real engine with a scripted model, and prints what each comes to in one line.
The lines are compared with fixtures/expected-calls.txt; what differs on an engine of the window is in fixtures/engine-differences.yaml, with the
reason. The last line is "N passed, N failed", an engine counting as one; exit code 1 when anything failed.`,
    args: {
      'engine-version': { type: 'string', description: 'These engines (default: the pin)', valueHint: 'V[,V…]' },
      window: { type: 'boolean', description: 'All engines of the window' },
      update: { type: 'boolean', description: 'Write what the calls come to on the pin as what is expected' },
    },
  },
  needs: ['packages', 'engine'],
  module: 'ci/calls/main.ts',
  argv: process.argv.slice(2),
  onSetupFailure: '0 passed, 1 failed',
});
