// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run bootstrap-rust --',
    description: `Prepares this machine for \`npx twinproof build\`: clones the engine's source into the submodule native/codex (codex-rs alone), and installs
the toolchain that it asks for, with rustup. What is there is left as it is.`,
    args: {
      engine: { type: 'string', valueHint: 'VERSION', description: 'Whose source (default: the pin)' },
      commit: {
        type: 'string',
        valueHint: 'COMMIT',
        description: 'The commit, where the lock has none: 40 hexadecimal digits',
      },
    },
  },
  needs: ['packages'],
  module: 'scripts/bootstrap-rust/main.ts',
  argv: process.argv.slice(2),
});
