// @ts-check
import { runEntry } from '../scripts/bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'node ci/upstream.mjs',
    description: `Watches the releases of the engine and of the official Python SDK.

look: prints, as outputs of a GitHub step, the newest engine and the newest Python SDK, empty where they are the pin's and the official pair's.
gate: runs npm run bump for them; a step that needs work is a result, one that could not be checked is a failure.
propose: puts the report of out/bump/current on the branch upstream-release, and opens or updates the one pull request from it.`,
    args: {
      step: { type: 'positional', required: true, description: 'look, gate or propose' },
      engine: { type: 'string', description: 'Version of the engine, as look printed it', valueHint: 'V' },
      python: { type: 'string', description: 'Version of the Python SDK, as look printed it', valueHint: 'V' },
    },
  },
  needs: ['packages'],
  module: 'ci/upstream.ts',
  argv: process.argv.slice(2),
  setupFailureCode: 3,
});
