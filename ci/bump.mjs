// @ts-check
import { runEntry } from '../scripts/bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run bump --',
    description: `Says what a release of the engine changes, what it breaks, in which client, and whether to take it: compares the two contracts, and runs every
scenario on both engines. Writes bump.html, bump.md and bump.json. Ends with 0 if the step is safe, 1 if it needs work, 3 if it could not be checked.
With --python, compares two versions of the official Python SDK, on the same engine.`,
    args: {
      version: {
        type: 'positional',
        required: false,
        valueHint: 'VERSION',
        description: 'of the engine, such as 0.171.0',
      },
      python: {
        type: 'string',
        description: 'Version of the Python SDK to compare with the installed one',
        valueHint: 'V',
      },
      'from-python': {
        type: 'string',
        description: 'Version of the Python SDK to start from (default: the installed one)',
        valueHint: 'V',
      },
      from: { type: 'string', description: 'Engine to start from (default: the pin)', valueHint: 'V' },
      scenario: {
        type: 'string',
        description: 'Scenarios to run: ids or globs, comma-separated (default: all)',
        valueHint: 'GLOB',
      },
      jobs: {
        type: 'string',
        description: 'Cells to run at once (default: the number of processors, at most 4)',
        valueHint: 'N',
      },
      resume: { type: 'boolean', description: 'Go on where an interrupted run was ended' },
      apply: {
        type: 'boolean',
        description: 'Then make the tree ready to commit: lock, contract, types, ranges of scenarios, goldens, pages',
      },
      out: { type: 'string', description: 'Folder of the results (default: out/bump/VERSION)', valueHint: 'DIR' },
      json: { type: 'string', description: 'Write the report as JSON to this file as well', valueHint: 'FILE' },
    },
  },
  needs: ['packages', 'python', 'engine', 'fake'],
  module: 'ci/bump.ts',
  argv: process.argv.slice(2),
  // It says nothing of the step.
  setupFailureCode: 3,
});
