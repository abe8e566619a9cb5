import type { CellResult } from '../cell/types.ts';
import { type RunScope, runScope } from './run-scope.ts';
import { countVerdicts, passedCells } from './verdict-counts.ts';

/**
 * What is known about one platform (`process.platform`). `not run`: nobody ran it, so nothing is known. `part`:
 * everything that ran passed, but it was not the whole. `passed` and `failed` describe only its cells, not the ledger.
 */
export type PlatformFigures =
  | { platform: string; status: 'not run' }
  | { platform: string; status: 'passed' | 'failed' | 'part'; scope: RunScope; passed: number; failed: number };

const supported = ['linux', 'darwin', 'win32'];

/** linux, darwin and win32, run or not, then any other that ran. */
export function platformFigures(
  runs: ReadonlyMap<string, readonly CellResult[]>,
  everything: readonly string[],
): PlatformFigures[] {
  return [...new Set([...supported, ...runs.keys()])].map((platform): PlatformFigures => {
    const results = runs.get(platform) ?? [];
    const { passed, failed } = passedCells(countVerdicts(results));
    // A run in which nothing was judged says no more than no run.
    if (passed + failed === 0) return { platform, status: 'not run' };
    const scope = runScope(results, everything);
    return { platform, status: failed > 0 ? 'failed' : scope.whole ? 'passed' : 'part', scope, passed, failed };
  });
}
