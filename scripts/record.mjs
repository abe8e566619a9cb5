// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run record -- [GLOB] [OPTIONS]',
    description: `Records the goldens with the reference clients on the real engine; those that have not changed stay as they are.

Once the development packages are installed, this text lists the options.`,
  },
  // The fake too: a scenario that scripts its engine is recorded on it, and a stale bundle would be recorded without a word.
  needs: ['packages', 'python', 'engine', 'fake'],
  module: 'harness/cli.ts',
  argv: ['record', ...process.argv.slice(2)],
});
