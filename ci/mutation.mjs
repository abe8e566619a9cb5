// @ts-check
import { runEntry } from '../scripts/bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'node ci/mutation.mjs',
    description: `Measures in shards how many bugs in our SDK the goldens notice, and judges the result as a whole. Beside it, a sample of the mistakes that people make.

measure: runs npm run parity -- mutation for one shard and writes out/mutation/shard-I.jsonl.
score: joins out/mutation/shard-*.jsonl and fails if the score is below 85 %.
sample: tries 60 mutants of our own mutators, by goldens and tests, and fails if the lower end of the interval is below 70 %.`,
    args: {
      step: { type: 'positional', required: true, description: 'measure, score or sample' },
      seed: { type: 'string', default: '1', description: 'Which sample of the mutants (default: 1)', valueHint: 'N' },
      of: {
        type: 'string',
        default: 'sdk',
        description: 'What sample changes: sdk or harness (default: sdk)',
        valueHint: 'PART',
      },
      shard: {
        type: 'string',
        default: '1/1',
        description: 'Which shard of the sample (default: all)',
        valueHint: 'I/N',
      },
    },
  },
  needs: ['packages', 'fake'],
  module: 'ci/mutation.ts',
  argv: process.argv.slice(2),
});
