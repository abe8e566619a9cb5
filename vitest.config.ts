import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { programsVariable } from './scripts/test/coverage/measured.ts';
import { LongFirst } from './scripts/test/long-first.ts';

// The examples run against the packed package: scripts/build/package.process.test.ts.
const exclude = ['node_modules/**', 'native/codex/**', 'examples/**', 'out/**', 'dist/**', '.venv/**', '.cache/**'];
const processTests = '**/*.process.test.ts';
const engineTests = '**/*.engine.test.ts';

const alias = [{ find: /^fast-check$/, replacement: join(import.meta.dirname, 'scripts/test/seeded-fast-check.ts') }];

const { [programsVariable]: programs } = process.env;
// What tests start does not see it.
delete process.env[programsVariable];
const env: Record<string, string> = programs === undefined ? {} : { NODE_V8_COVERAGE: programs };

/** Kinds of tests, by file name: `npm test -- --only unit` runs one kind. */
export default defineConfig({
  test: {
    // Vitest's own choice leaves one processor out: of two, half of the machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          env,
          include: ['**/*.test.ts'],
          exclude: [...exclude, processTests, engineTests],
          isolate: false,
          setupFiles: ['scripts/test/fresh-modules.ts'],
          // A limit for what hangs. Some of them compute for seconds, and on a busy machine for many.
          testTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: { name: 'process', env, include: [processTests], exclude, testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        resolve: { alias },
        test: { name: 'engine', env, include: [engineTests], exclude, testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
