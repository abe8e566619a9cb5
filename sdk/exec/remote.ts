import { expectedGot } from '../../native/expected-got.mjs';
import { readToken } from '../attach/token.ts';
import type { ResolvedCodex } from '../client/resolve-codex-bin.ts';
import { CodexError } from '../errors/codex-error.ts';
import type { CodexOptions } from './options.ts';

/** The environment variable that holds the token for `--remote-auth-token-env`. */
export const remoteTokenVariable = 'TWINPROOF_REMOTE_TOKEN';

/** How long the engine has to print its help, in milliseconds. */
const helpMs = 30_000;

/** Whether an engine has the option: asked once for each client. */
const known = new WeakMap<ResolvedCodex, Promise<boolean>>();

/**
 * What the environment has for a run on an engine that listens: the token.
 * @throws CodexError if this engine's `exec` has no `--remote`: it would refuse its command line without saying why
 * @throws ConnectError if the token cannot be read
 */
export async function remoteEnv(
  engine: ResolvedCodex,
  { remote, remoteToken }: CodexOptions,
  env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  if (!remote) return env;
  let asked = known.get(engine);
  if (!asked) {
    asked = hasRemote(engine.bin, env);
    known.set(engine, asked);
    // An engine that did not answer may do so the next time.
    asked.catch(() => known.delete(engine));
  }
  if (!(await asked)) {
    const expected = 'an engine whose exec has --remote (0.171.0 or newer)';
    const message = expectedGot('running codex exec with the option remote', expected, engine.bin);
    throw new CodexError(message, { kind: 'unsupported', action: 'starting codex exec' });
  }
  if (remoteToken === undefined) return env;
  return { ...env, [remoteTokenVariable]: await readToken(remoteToken) };
}

/** The help is the engine's own word: a build of yours may have the option whatever its version is. */
async function hasRemote(bin: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { execFile } = await import('node:child_process');
  return await new Promise((resolve, reject) => {
    const options = { env, timeout: helpMs, killSignal: 'SIGKILL', windowsHide: true } as const;
    const child = execFile(bin, ['exec', '--help'], options, (error, stdout) => {
      // What cannot be started is told by the run itself, in its own words.
      if (error && (error as NodeJS.ErrnoException).errno !== undefined) return resolve(true);
      if (error?.killed === true) return reject(new CodexError(`${bin} did not print its help within ${helpMs} ms`));
      resolve(/^\s+--remote /m.test(stdout));
    });
    child.stdin?.on('error', () => {}).end();
  });
}
