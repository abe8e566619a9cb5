import { join } from 'node:path';
import { runChild } from '../../native/run-child.mjs';
import type { Need } from '../bootstrap/bootstrap.mjs';
import type { Stage, StageContext } from './run-stages.ts';

/** A check that is one Node program: it counts as one test, passed when the program ends with code 0. */
export function commandStage(name: string, args: readonly string[], needs: readonly Need[] = []): Stage {
  return {
    name,
    needs,
    async run(context) {
      const done = await runNode(context, name, args);
      const passed = done.code === 0 ? 1 : 0;
      return { passed, failed: 1 - passed, details: done.tail };
    },
  };
}

/** Runs a Node program in the repository, its output in `out/test/NAME.log`; `env` goes on top of this process's own. */
export function runNode(context: StageContext, name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return runProgram(context, name, process.execPath, args, env);
}

/** The same for any program. */
export function runProgram(
  context: StageContext,
  name: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
) {
  return runChild(program, [...args], {
    cwd: context.root,
    env: { ...process.env, FORCE_COLOR: '0', PYTHONDONTWRITEBYTECODE: '1', ...env },
    signal: context.signal,
    logFile: join(context.outFolder, `${name}.log`),
  });
}
