// @ts-check
import { runEntry } from '../scripts/bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run hosts --',
    description: `One small program in each kind of host: package managers, runtimes, bundlers, test runners, the ways in which TypeScript finds types.
Each is a project of its own in the temp folder, installed from the registry at exact versions. Without a registry nothing can run, and the exit code is 1. The table is in ci/hosts/.
The last line is "N passed, N failed"; exit code 1 when anything failed.`,
    args: {
      published: {
        type: 'boolean',
        description:
          "Install the engine's own package (about 100 MB each) in place of a stand-in that starts the engine of this machine",
      },
      only: { type: 'string', multiple: true, description: 'These hosts only', valueHint: 'HOST[,HOST…]' },
    },
  },
  needs: ['packages', 'fake', 'engine'],
  module: 'ci/hosts/main.ts',
  argv: process.argv.slice(2),
  onSetupFailure: '0 passed, 1 failed',
});
