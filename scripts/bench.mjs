// @ts-check
import { runEntry } from './bootstrap/run-entry.mjs';

await runEntry({
  command: {
    name: 'npm run bench --',
    description: `Measures ratios against peers, side by side in one run. Nothing here is a test.

import: loading each entry of the built package, against an empty module (goal: at most 15 ms more for the two clients).
events: events a second of stream() and streamText(), against a bare loop (goals: 0.8 and 0.7) and the Python client (goal: 8 times), with up to 5,000
turns at once (goal: 0.8 of the share with one), and the p99 from the engine to the program (goals: 1 ms with 20 streams, 5 ms with 200).
fake-start: from spawn to the answered initialize, the fake engine against a bare Node process that answers one line (goal: at most 1.3).
exec-turn: one turn on the real engine with each of the three exec clients and the app-server, and events per
second of the two TypeScript clients and of a bare loop over the same lines (goal for ours: at least 85 % of the loop).
hostile-lines: how long a long wrong line blocks the host, against a bare JSON.parse (goal: at most 1.5), and the memory it takes, in lengths
of the line (goal: below 4), medians of 3.
telemetry: CPU of turns with channels heard, OpenTelemetry and a logger, against the same turns without (goal: at most 1.1).`,
    args: {
      rounds: { type: 'string', default: '30', description: 'Pairs to measure (default: 30)', valueHint: 'N' },
      only: {
        type: 'string',
        description: 'import, events, fake-start, exec-turn, hostile-lines or telemetry (default: all)',
        valueHint: 'NAME',
        multiple: true,
      },
    },
  },
  needs: ['packages', 'python', 'engine', 'fake'],
  module: 'scripts/bench/main.ts',
  argv: process.argv.slice(2),
});
