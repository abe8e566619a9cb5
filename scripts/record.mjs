// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run record -- [GLOB] [OPTIONS]',
    description: `Records goldens with the reference clients on the real engine. Unchanged goldens stay as they are.

Once the development packages are installed, this help lists the options.`,
  },
  // The fake too: a scenario that scripts its engine is recorded on it, and a stale bundle would be recorded without a word.
  needs: ['packages', 'python', 'engine', 'fake'],
  module: 'harness/cli.ts',
  bundled: true,
  argv: ['record', ...process.argv.slice(2)],
});
