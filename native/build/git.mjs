// @ts-check
import { EngineError } from '../engine-error.mjs';
import { expectedGot } from '../expected-got.mjs';
import { runChild } from '../run-child.mjs';

/**
 * How the programs of a build are run.
 * @typedef {object} BuildContext
 * @property {string} root the repository's folder
 * @property {NodeJS.ProcessEnv} env
 * @property {(line: string) => void} log
 * @property {AbortSignal} [signal]
 */

/**
 * Runs a program and returns what it wrote.
 * @param {string} doing for the error
 * @param {string} program
 * @param {readonly string[]} args
 * @param {BuildContext & { cwd?: string, logFile?: string }} context
 * @returns {Promise<string>}
 * @throws {EngineError} `build`: it is not there, or fails; the signal's reason when aborted
 */
export async function run(doing, program, args, { root, env, signal, cwd = root, logFile }) {
  const options = { cwd, env, ...(signal && { signal }), ...(logFile && { logFile }) };
  /** @type {Awaited<ReturnType<typeof runChild>>} */
  let done;
  try {
    done = await runChild(program, [...args], options);
  } catch (cause) {
    signal?.throwIfAborted();
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (cause);
    const got = code === 'ENOENT' ? `no ${program} on PATH` : message;
    throw new EngineError('build', expectedGot(doing, program, got), { cause });
  }
  if (done.code === 0) return done.stdout;
  const where = logFile === undefined ? '' : ` (its output: ${logFile})`;
  const got = `${done.signal ?? `exit code ${done.code}`}${where}:\n${done.tail.split('\n').slice(-20).join('\n')}`;
  throw new EngineError('build', expectedGot(doing, `${program} to succeed`, got));
}

/** @param {string} doing @param {readonly string[]} args @param {BuildContext & { cwd?: string }} context */
export const git = (doing, args, context) =>
  run(doing, 'git', args, { ...context, env: { ...context.env, GIT_TERMINAL_PROMPT: '0' } });
