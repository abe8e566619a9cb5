// @ts-check
import { realpathSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname } from 'node:path';

/**
 * By another name than its own: webpack takes a call of `createRequire` for a list of the modules that it has bundled, which is empty.
 * @type {typeof nodeModule.createRequire}
 */
const makeRequire = Reflect.get(nodeModule, 'createRequire');

/**
 * Folder of an installed package, looked for as `require` does.
 * @param {string} name
 * @param {string} [from] a file or its URL; default: this module's own place, then that of the program's script. Never the working directory, where
 * anybody's package may lie.
 * @returns {string | undefined} undefined when it is not there
 */
export function installedPackage(name, from) {
  const places = from === undefined ? [ownPlace(), programPlace()] : [from];
  for (const place of places) {
    if (place === undefined) continue;
    try {
      return dirname(makeRequire(place).resolve(`${name}/package.json`));
    } catch {
      // Not there, or no place from which anything can be found.
    }
  }
  return undefined;
}

/**
 * Where this code runs: a stack frame says so in a bundle too, while webpack replaces `import.meta.url` by the address that the module had on
 * the machine of the build.
 * @returns {string | undefined} a path, or the address of a file
 */
export function ownPlace() {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, frames) => frames[0]?.getFileName();
    return /** @type {string | null | undefined} */ (new Error().stack) ?? undefined;
  } catch {
    // A host that has frozen the language's own objects. `undefined` in a bundle of CommonJS modules.
    return /** @type {string | undefined} */ (import.meta.url);
  } finally {
    try {
      Error.prepareStackTrace = prepareStackTrace;
    } catch {}
  }
}

function programPlace() {
  const script = process.argv[1];
  try {
    return script ? realpathSync(script) : undefined;
  } catch {
    return undefined;
  }
}
