// @ts-check
import { join } from 'node:path';
import { platformKey } from './platform.mjs';

/** The platforms in Rust's words. One Linux build serves both C libraries, because it is linked statically. */
const triples = /** @type {const} */ ({
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
  'win32-x64': 'x86_64-pc-windows-msvc',
  'win32-arm64': 'aarch64-pc-windows-msvc',
});

/**
 * A platform's package, and the name of its build target.
 * @typedef {object} EngineTarget
 * @property {string} package
 * @property {string} triple
 */

/**
 * Where `@openai/codex` keeps the engine. Undefined for a platform without one. The names are Node's.
 * @param {string} platform
 * @param {string} arch
 * @returns {EngineTarget | undefined}
 */
export function engineTarget(platform, arch) {
  const key = platformKey(platform, arch);
  return key && { package: `@openai/codex-${key}`, triple: triples[key] };
}

/** The engine's file. @param {string} platform */
export const engineFile = (platform) => (platform === 'win32' ? 'codex.exe' : 'codex');

/** What a folder that holds an engine as it is published says of itself. */
export const metadataFile = 'codex-package.json';

/**
 * The folder of a platform package that holds the engine. Electron's archive can be read like a folder, but nothing in it can be started: what
 * was left out of it lies beside it.
 * @param {string} packageDir
 * @param {EngineTarget} target
 * @param {{ exists(path: string): boolean }} ops
 */
export function vendorDir(packageDir, target, ops) {
  const folder = join(packageDir, 'vendor', target.triple);
  const outside = folder.replace(/\.asar(?=[\\/])/, '.asar.unpacked');
  return ops.exists(outside) ? outside : folder;
}
