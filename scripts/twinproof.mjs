#!/usr/bin/env node
// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

// The bin of the repository; that of the package is cli/twinproof.ts.
await runEntry({
  command: {
    name: 'npx twinproof COMMAND',
    description: `Manages the engine: doctor, install, verify, demo, build.
Once the development packages are installed, this help lists the commands and their options.`,
  },
  needs: ['packages', 'fake'],
  module: 'cli/repository.ts',
  argv: process.argv.slice(2),
});
