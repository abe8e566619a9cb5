import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../native/engine-error.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { runChild } from '../native/run-child.mjs';

/** Asks an engine for its version, in a home of its own. @throws EngineError if it does not start, or says none */
export async function engineVersionOf(path: string, signal: AbortSignal): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'twinproof-version-'));
  const doing = `starting ${path}`;
  const refuse = (got: string, cause?: unknown) =>
    new EngineError('missing', expectedGot(doing, 'a version, as in "codex-cli 0.171.0"', got), { cause });
  try {
    const env = { ...process.env, HOME: home, CODEX_HOME: home };
    const done = await runChild(path, ['--version'], { cwd: home, env, signal }).catch(
      (cause: NodeJS.ErrnoException) => {
        signal.throwIfAborted();
        throw refuse(cause.code ?? cause.message, cause);
      },
    );
    const said = /\d+\.\d+\.\d+\S*/.exec(done.stdout)?.[0];
    if (done.code === 0 && said !== undefined) return said;
    throw refuse(
      done.code === 0
        ? JSON.stringify(done.stdout.slice(0, 200))
        : `${done.signal ?? `exit code ${done.code}`}: ${done.tail}`,
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
