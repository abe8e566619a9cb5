// @ts-check
import { runEntry } from '../scripts/bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'node ci/platforms.mjs',
    description: `Makes one report of the runs of several platforms: every \`parity\` folder below FOLDER goes to npm run parity -- merge.`,
    args: {
      folder: {
        type: 'positional',
        required: true,
        description: 'Where the results were downloaded to',
        valueHint: 'FOLDER',
      },
    },
  },
  needs: ['packages', 'fake'],
  module: 'ci/platforms.ts',
  argv: process.argv.slice(2),
});
