// @ts-check
import { runEntry } from '../scripts/bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'node ci/platforms.mjs',
    description: `Builds one report from the runs of several platforms: passes every \`parity\` folder below FOLDER to npm run parity -- merge.`,
    args: {
      folder: {
        type: 'positional',
        required: true,
        description: 'Folder that the results were downloaded to',
        valueHint: 'FOLDER',
      },
    },
  },
  needs: ['packages', 'fake'],
  module: 'ci/platforms.ts',
  argv: process.argv.slice(2),
});
