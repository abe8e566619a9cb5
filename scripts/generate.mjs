// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run generate --',
    description: `Generates fixtures/contract/ from the pinned engine, sdk/protocol/ from fixtures/contract/,
fixtures/python-models/ from the installed Python SDK and fixtures/contract/, schemas, types and tables from
fixtures/schema/*-steps.yaml, docs/parity.md from both SDKs and the scenarios, docs/commands.md from the definitions of the commands,
docs/engines.md from the lock, fixtures/contract/ and fixtures/engines/, and docs/api/ from the doc comments.`,
    args: {
      check: { type: 'boolean', description: 'Write nothing; exit with 1 and name the file if one would change' },
      engine: {
        type: 'string',
        description: 'Ask this engine for its contract instead of the pinned one',
        valueHint: 'PATH',
      },
    },
  },
  needs: ['packages', 'python', 'engine'],
  module: 'scripts/generate/main.ts',
  argv: process.argv.slice(2),
});
