// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run pin --',
    description: `Adds an engine to native/engine.lock.json: asks the registry for its packages with your own npm, downloads each platform's, and keeps
its integrity and the sha256 of the binary in it. That is about 1 GB. Nothing is written before all platforms are known.
With --pin, makes it the pin: the version that goldens, contract and default stand for.`,
    args: {
      version: { type: 'positional', required: true, valueHint: 'VERSION', description: 'such as 0.171.0' },
      pin: { type: 'boolean', description: 'Make it the pin' },
    },
  },
  needs: ['packages'],
  module: 'scripts/pin/main.ts',
  argv: process.argv.slice(2),
});
