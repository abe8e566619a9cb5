// @ts-check
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { engineFile, engineTarget, metadataFile, vendorDir } from './engine-layout.mjs';
import { expectedGot } from './expected-got.mjs';
import { installedPackage } from './installed-package.mjs';
import { isScript, packageBehindShim } from './npm-shim.mjs';
import { platformKey } from './platform.mjs';
import { userEnginesFolder } from './user-cache.mjs';

/**
 * @typedef {'option' | 'environment' | 'package' | 'cache'} EngineSource where an engine was found: named by the program, named by `TWINPROOF_ENGINE`,
 * in the package `@openai/codex`, or brought by `twinproof install` or `twinproof build`
 */

/**
 * An engine that is there. Nothing of it has been read.
 * @typedef {object} FoundEngine
 * @property {string} path absolute path of the binary
 * @property {EngineSource} source
 * @property {string[]} pathDirs folders with the engine's own tools (`rg`), which belong first on its PATH
 * @property {string | undefined} version as its package says; undefined if nothing says it
 */

/**
 * What the search needs from the machine.
 * @typedef {object} FindOps
 * @property {string} platform
 * @property {string} arch
 * @property {(path: string) => boolean} exists
 * @property {(path: string) => boolean} isDirectory
 * @property {(name: string, from?: string) => string | undefined} packageDir folder of an installed package, searched from `from` (a file or its
 * URL) or from this package; undefined if it is not installed
 * @property {(file: string) => string | undefined} read text of a file; undefined if it cannot be read
 * @property {(folder: string) => string[]} list names in a folder; none if there is no such folder
 */

/**
 * What is looked for, and where.
 * @typedef {object} FindOptions options of `findEngine()`
 * @property {string | null | undefined} [path] the engine that the program names
 * @property {string} [option] the setting that it is named by, for the error. Default `path`
 * @property {NodeJS.ProcessEnv} [env] default: process.env
 * @property {string} [preferred] the version that is taken of several in the cache. Default: the newest
 * @property {FindOps} [ops] default: this machine's
 */

/** @type {FindOps} */
export const machineOps = {
  platform: process.platform,
  arch: process.arch,
  exists: existsSync,
  isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  packageDir: installedPackage,
  read: (file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  },
  list: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
};

/**
 * Finds the engine, in this order: the one that the program names, the one that `TWINPROOF_ENGINE` names, that of the installed package
 * `@openai/codex`, that of `twinproof install` or `twinproof build`. One that is named and not there is an error, and so is a package that lacks its
 * engine: neither falls through to the next. PATH is not looked at, because an engine there may have any version.
 * @param {FindOptions} [options]
 * @returns {FoundEngine}
 * @throws {EngineError} `missing` or `platform`
 */
export function findEngine({ path, option = 'path', env = process.env, preferred, ops = machineOps } = {}) {
  if (path != null) return named(path, { source: 'option', by: option }, ops);
  if (env.TWINPROOF_ENGINE) return named(env.TWINPROOF_ENGINE, { source: 'environment', by: 'TWINPROOF_ENGINE' }, ops);
  const target = engineTarget(ops.platform, ops.arch);
  if (!target) throw new EngineError('platform', `Unsupported platform: ${ops.platform} (${ops.arch})`);
  const packageDir = platformPackageDir(target.package, ops);
  if (packageDir) return inPackage(vendorDir(packageDir, target, ops), target.package, ops);
  const cache = userEnginesFolder({ env, platform: ops.platform });
  const cached = inCache(cache, preferred, ops);
  if (cached) return cached;
  const tried = [
    'TWINPROOF_ENGINE is not set',
    `the package ${target.package} is not installed`,
    `${cache} has no engine`,
  ];
  throw new EngineError(
    'missing',
    `Unable to locate the Codex runtime: ${tried.join(', ')}. Run \`npx twinproof install\`, ` +
      `or install @openai/codex with its optional dependencies, or set ${option} explicitly.`,
  );
}

/**
 * @param {string} path
 * @param {{ source: EngineSource, by: string }} origin
 * @param {FindOps} ops
 * @returns {FoundEngine}
 */
function named(path, { source, by }, ops) {
  // From here on it is one and the same file, also for an engine that is started in a folder of its own.
  const file = isAbsolute(path) ? path : resolve(path);
  const launched = engineBehindShim(file, ops);
  if (launched) return { ...launched, source };
  if (path === '' || !ops.exists(file)) {
    const reset = source === 'environment' ? ', or unset it' : '';
    throw new EngineError('missing', `Codex binary not found at ${path}. Set ${by} to a valid binary path${reset}.`);
  }
  if (ops.platform === 'win32' && isScript(file)) {
    const got = `${path}, which Windows starts through another program`;
    throw new EngineError('missing', expectedGot('finding the engine', 'codex.exe', got, `Set ${by} to codex.exe`));
  }
  // As in Python, whoever names an engine brings its PATH too. The variable stands in for the search, which brings it.
  const pathDirs = source === 'environment' ? toolsOf(join(file, '..', '..'), ops) : [];
  return { path: file, source, pathDirs, version: versionIn(join(file, '..', '..'), ops) };
}

/**
 * The engine that a package manager's file on PATH leads to: Windows alone needs to know, as it starts such files through a shell.
 * @param {string} file absolute
 * @param {FindOps} [ops]
 * @returns {FoundEngine | undefined} undefined if it is no such file
 */
export function engineBehindShim(file, ops = machineOps) {
  if (ops.platform !== 'win32') return undefined;
  const codexDir = packageBehindShim(file, ops);
  const target = codexDir && engineTarget(ops.platform, ops.arch);
  const packageDir = target && ops.packageDir(target.package, join(codexDir, 'package.json'));
  return packageDir ? inPackage(vendorDir(packageDir, target, ops), target.package, ops) : undefined;
}

/** Package managers without a flat node_modules expose the platform package only to @openai/codex. @param {string} name @param {FindOps} ops */
function platformPackageDir(name, ops) {
  const codexDir = ops.packageDir('@openai/codex');
  return (codexDir && ops.packageDir(name, join(codexDir, 'package.json'))) ?? ops.packageDir(name);
}

/**
 * @param {string} root
 * @param {string} name
 * @param {FindOps} ops
 * @returns {FoundEngine}
 */
function inPackage(root, name, ops) {
  const bin = join(root, 'bin', engineFile(ops.platform));
  const hasMetadata = ops.exists(join(root, metadataFile));
  if (hasMetadata && ops.exists(bin))
    return { path: bin, source: 'package', pathDirs: toolsOf(root, ops), version: versionIn(root, ops) };
  // The layout of older packages.
  const before = join(root, 'codex', engineFile(ops.platform));
  if (ops.exists(before)) {
    const tools = join(root, 'path');
    return { path: before, source: 'package', pathDirs: ops.isDirectory(tools) ? [tools] : [], version: undefined };
  }
  const lacks = hasMetadata
    ? `its packaged codex binary at ${bin}`
    : `its package metadata at ${join(root, metadataFile)}`;
  throw new EngineError('missing', `${name} is installed but missing ${lacks}`);
}

/**
 * The preferred version, otherwise the newest; of one version, the published engine rather than one that was built.
 * @param {string} folder
 * @param {string | undefined} preferred
 * @param {FindOps} ops
 * @returns {FoundEngine | undefined}
 */
function inCache(folder, preferred, ops) {
  const key = platformKey(ops.platform, ops.arch) ?? '';
  const versions = ops.list(folder).sort((one, other) => {
    if ((one === preferred) !== (other === preferred)) return one === preferred ? -1 : 1;
    return newestFirst(one, other);
  });
  for (const version of versions) {
    for (const name of [key, `${key}-built`]) {
      const root = join(folder, version, name);
      const path = join(root, 'bin', engineFile(ops.platform));
      if (ops.exists(path)) return { path, source: 'cache', pathDirs: toolsOf(root, ops), version };
    }
  }
  return undefined;
}

/** A pre-release is older than its release. @param {string} one @param {string} other */
function newestFirst(one, other) {
  const [a, b] = [one, other].map((version) => ({
    numbers: version.split('-', 1)[0]?.split('.').map(Number) ?? [],
    release: version.includes('-') ? 0 : 1,
  }));
  if (!a || !b) return 0;
  const at = [0, 1, 2].find((part) => a.numbers[part] !== b.numbers[part]);
  if (at !== undefined) return (b.numbers[at] || 0) - (a.numbers[at] || 0);
  return b.release - a.release || (one < other ? 1 : -1);
}

/** @param {string} root @param {FindOps} ops */
function toolsOf(root, ops) {
  const folder = join(root, 'codex-path');
  return ops.exists(join(root, metadataFile)) && ops.isDirectory(folder) ? [folder] : [];
}

/** @param {string} root @param {FindOps} ops @returns {string | undefined} */
function versionIn(root, ops) {
  try {
    const { version } = JSON.parse(ops.read(join(root, metadataFile)) ?? '');
    return typeof version === 'string' ? version : undefined;
  } catch {
    // Only a warning needs it.
    return undefined;
  }
}
