import { venvPython } from '../../native/index.ts';
import { runProgram } from './command-stage.ts';
import type { Stage, StageResult } from './run-stages.ts';

/** The Python drivers' own tests; counted one by one. */
export function unittestStage(name: string, folder: string, top: string): Stage {
  return {
    name,
    needs: ['python'],
    async run(context) {
      const args = ['-m', 'unittest', 'discover', '-s', folder, '-t', top];
      const done = await runProgram(context, name, venvPython(context.root), args);
      return { ...countUnittest(done.tail, done.code), details: done.tail };
    },
  };
}

/**
 * Reads unittest's closing lines: `Ran 12 tests in 0.4s`, then `OK` or `FAILED (failures=1, errors=2, skipped=1)`.
 * @param code unittest's exit code
 */
export function countUnittest(output: string, code: number | null): Omit<StageResult, 'details'> {
  const ran = Number(/^Ran (\d+) tests?\b/m.exec(output)?.[1] ?? 0);
  const closing = /^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/m.exec(output)?.[1] ?? '';
  const of = (word: string) => Number(new RegExp(`${word}=(\\d+)`).exec(closing)?.[1] ?? 0);
  const named = of('failures') + of('errors') + of('unexpected successes');
  const skipped = of('skipped');
  // A module that cannot be imported is an error without a test; a crash has no closing line at all.
  const failed = code !== 0 && named === 0 ? 1 : named;
  return { passed: Math.max(0, ran - skipped - named), failed, skipped };
}
