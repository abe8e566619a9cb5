// @ts-check
import { join } from 'node:path';
import { platformKey } from './platform.mjs';

/**
 * Where engines from npm are kept, several side by side.
 * @param {string} root the repository's folder
 */
export const enginesFolder = (root) => join(root, '.cache', 'engines');

/**
 * The package folder of one of them, for this platform, whether or not it is there.
 * @param {string} root
 * @param {string} version
 */
export const engineFolder = (root, version) => join(enginesFolder(root), version, platformKey() ?? 'none');
