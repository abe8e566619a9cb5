import { realpathSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname } from 'node:path';

/** By another name than its own: webpack takes a call of `createRequire` for a list of the modules that it has bundled, which is empty. */
const makeRequire = Reflect.get(nodeModule, 'createRequire') as typeof nodeModule.createRequire;

/**
 * Folder of an installed package, looked for as `require` does.
 * @param from a file or its URL; default: this module's own place, then that of the program's script. Never the working directory, where
 * anybody's package may lie.
 * @returns undefined when it is not there
 */
export function installedPackage(name: string, from?: string): string | undefined {
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
 */
function ownPlace(): string | undefined {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, frames) => frames[0]?.getFileName();
    return (new Error().stack as string | null | undefined) ?? undefined;
  } catch {
    // A host that has frozen the language's own objects. `undefined` in a bundle of CommonJS modules.
    return import.meta.url as string | undefined;
  } finally {
    try {
      Error.prepareStackTrace = prepareStackTrace;
    } catch {}
  }
}

function programPlace(): string | undefined {
  const script = process.argv[1];
  try {
    return script ? realpathSync(script) : undefined;
  } catch {
    return undefined;
  }
}
