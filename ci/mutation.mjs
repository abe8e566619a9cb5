// @ts-check
import { runEntry } from '../scripts/bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'node ci/mutation.mjs',
    description: `How many bugs of ours the goldens notice: measured in parts, then judged as a whole.

measure: npm run parity -- mutation for one part; its results are out/mutation/shard-I.jsonl.
score: joins out/mutation/shard-*.jsonl and fails below 85 %.`,
    args: {
      step: { type: 'positional', required: true, description: 'measure or score' },
      seed: { type: 'string', default: '1', description: 'Which sample of the mutants (default: 1)', valueHint: 'N' },
      shard: { type: 'string', default: '1/1', description: 'Which part of it (default: all)', valueHint: 'I/N' },
    },
  },
  needs: ['packages', 'fake'],
  module: 'ci/mutation.ts',
  argv: process.argv.slice(2),
});
