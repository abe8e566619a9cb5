import { availableParallelism } from 'node:os';
import { runNode } from './command-stage.ts';
import type { Stage } from './run-stages.ts';

/** Our client against every committed golden on the fake engine: no Python, no real engine, no network. Each cell counts as one test. */
export const replayStage: Stage = {
  name: 'replay',
  needs: [],
  async run(context) {
    // One more than there are processors: a cell waits now and then, for the start of a program or for a time limit.
    const jobs = String(availableParallelism() + 1);
    const args = [
      'scripts/parity.mjs',
      'run',
      '--offline',
      '--engine',
      'fake',
      '--jobs',
      jobs,
      '--out',
      'out/test/replay',
    ];
    const done = await runNode(context, 'replay', args);
    return { ...countsOf(done.tail, done.code), details: done.tail };
  },
};

/** Reads `N passed, N failed`, the last line. Without it the stage has failed. */
export function countsOf(output: string, code: number | null): { passed: number; failed: number } {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const found = /^(\d+) passed, (\d+) failed$/.exec(last);
  if (found === null) return { passed: 0, failed: 1 };
  const failed = Number(found[2]);
  return { passed: Number(found[1]), failed: code !== 0 && failed === 0 ? 1 : failed };
}
