// @ts-check
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownPlace } from './installed-package.mjs';

/**
 * The folder of this package, or of the repository. Files that are found at run time are named from here, because the
 * package is bundled: the module that needs a file is elsewhere there. This module is one folder deep in both.
 * @returns {string}
 */
export const packageRoot = () => dirname(import.meta.dirname ?? ownFolder());

/** In a bundle of CommonJS modules, which leaves `import.meta` empty. */
function ownFolder() {
  const place = ownPlace() ?? '.';
  return dirname(place.startsWith('file:') ? fileURLToPath(place) : place);
}
