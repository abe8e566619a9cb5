import { expectedGot } from '../../native/expected-got.mjs';
import { CodexError } from '../errors/codex-error.ts';

/**
 * Loads a package that most programs do without.
 * @param doing what needs it, as a gerund
 * @param instead what to do without the package, as the end of a sentence
 * @throws CodexError with `kind` `install` if it is not installed, or cannot be loaded
 */
export async function optionalPeer<T>(
  name: string,
  doing: string,
  load: () => Promise<T>,
  instead?: string,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const missing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String(Reflect.get(Object(cause), 'code')));
    const got = missing
      ? 'none'
      : `one that cannot be loaded (${cause instanceof Error ? cause.message : String(cause)})`;
    const advice = `Run npm install ${name}${instead === undefined ? '' : `, or ${instead}`}`;
    throw new CodexError(expectedGot(doing, `the package ${name}`, got, advice), {
      cause,
      kind: 'install',
      action: doing,
    });
  }
}

/**
 * After a peer's import: a bundler goes on without what is not there only where the program says what happens then. `optionalPeer()` does.
 */
export const rethrow = (cause: unknown): never => {
  throw cause;
};
