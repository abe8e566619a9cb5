// @ts-check

/**
 * The platforms that the engine is published for, as `<process.platform>-<process.arch>`. One Linux build serves both C
 * libraries, because it is linked statically.
 */
export const platformKeys = /** @type {const} */ ([
  'linux-x64',
  'linux-arm64',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
]);

/** @typedef {typeof platformKeys[number]} PlatformKey a platform that has an engine: operating system and processor */

/**
 * @param {string} [platform]
 * @param {string} [arch]
 * @returns {PlatformKey | undefined} undefined if there is no engine for it; Android takes Linux's, which is linked statically
 */
export function platformKey(platform = process.platform, arch = process.arch) {
  const system = platform === 'android' ? 'linux' : platform;
  return platformKeys.find((key) => key === `${system}-${arch}`);
}
