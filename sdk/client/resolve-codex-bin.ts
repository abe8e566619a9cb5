import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { LaunchError } from '../errors/connection-errors.ts';
import type { CodexConfig } from './config.ts';

/** An engine to start, and the folders that belong on its PATH. */
export interface ResolvedCodex {
  bin: string;
  pathDirs: string[];
  /** As its package says; undefined if nothing says it. */
  version?: string | undefined;
}

/** What the search needs from the machine. */
export interface ResolveOps {
  platform: string;
  arch: string;
  exists(path: string): boolean;
  isDirectory(path: string): boolean;
  /**
   * Folder of an installed package, searched from `from` (a file or its URL) or from this package. Undefined if it is
   * not installed.
   */
  packageDir(name: string, from?: string): string | undefined;
  /** The `version` in a JSON file; undefined if there is none. */
  versionIn(file: string): string | undefined;
}

/** A platform's package, and the name of its build target. */
export interface EngineTarget {
  package: string;
  triple: string;
}

/** Package and system of the engine for each platform. Linux and Android share one, which is statically linked. */
const systems: Record<string, { package: string; system: string }> = {
  linux: { package: 'linux', system: 'unknown-linux-musl' },
  android: { package: 'linux', system: 'unknown-linux-musl' },
  darwin: { package: 'darwin', system: 'apple-darwin' },
  win32: { package: 'win32', system: 'pc-windows-msvc' },
};
const processors: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' };

/** Where `@openai/codex` keeps the engine. Undefined for a platform without one. The names are Node's. */
export function engineTarget(platform: string, arch: string): EngineTarget | undefined {
  const system = Object.hasOwn(systems, platform) ? systems[platform] : undefined;
  const processor = Object.hasOwn(processors, arch) ? processors[arch] : undefined;
  if (!system || !processor) return undefined;
  return { package: `@openai/codex-${system.package}-${arch}`, triple: `${processor}-${system.system}` };
}

/**
 * Finds the engine: `codexBin`, otherwise that of the installed platform package. There is no fallback to PATH, because
 * an engine there may have any version.
 * @throws LaunchError if there is none
 */
export function resolveCodexBin(config: Pick<CodexConfig, 'codexBin'>, ops: ResolveOps = machineOps): ResolvedCodex {
  const { codexBin } = config;
  if (codexBin != null) {
    // From here on it is one and the same file, also for an engine that is started in a folder of its own.
    const bin = isAbsolute(codexBin) ? codexBin : resolve(codexBin);
    if (codexBin !== '' && ops.exists(bin)) return { bin, pathDirs: [] };
    throw new LaunchError(`Codex binary not found at ${codexBin}. Set CodexConfig.codexBin to a valid binary path.`);
  }
  const platform = engineTarget(ops.platform, ops.arch);
  if (!platform) throw new LaunchError(`Unsupported platform: ${ops.platform} (${ops.arch})`);
  // Package managers without a flat node_modules expose the platform package only to @openai/codex.
  const codexDir = ops.packageDir('@openai/codex');
  const packageDir =
    (codexDir && ops.packageDir(platform.package, join(codexDir, 'package.json'))) ?? ops.packageDir(platform.package);
  if (!packageDir) {
    throw new LaunchError(
      `Unable to locate the Codex runtime: the package ${platform.package} is not installed. ` +
        'Install @openai/codex with its optional dependencies, or set CodexConfig.codexBin explicitly.',
    );
  }
  return bundled(vendorDir(packageDir, platform, ops), platform.package, ops);
}

/**
 * The folder of a platform package that holds the engine. Electron's archive can be read like a folder, but nothing in it can be started: what
 * was left out of it lies beside it.
 */
export function vendorDir(packageDir: string, target: EngineTarget, ops: ResolveOps): string {
  const folder = join(packageDir, 'vendor', target.triple);
  const outside = folder.replace(/\.asar(?=[\\/])/, '.asar.unpacked');
  return ops.exists(outside) ? outside : folder;
}

function bundled(root: string, name: string, ops: ResolveOps): ResolvedCodex {
  const metadata = join(root, 'codex-package.json');
  if (!ops.exists(metadata)) {
    throw new LaunchError(`${name} is installed but missing its package metadata at ${metadata}`);
  }
  const bin = join(root, 'bin', ops.platform === 'win32' ? 'codex.exe' : 'codex');
  if (!ops.exists(bin)) throw new LaunchError(`${name} is installed but missing its packaged codex binary at ${bin}`);
  const pathDir = join(root, 'codex-path');
  return { bin, pathDirs: ops.isDirectory(pathDir) ? [pathDir] : [] };
}

export const machineOps: ResolveOps = {
  platform: process.platform,
  arch: process.arch,
  exists: existsSync,
  isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  packageDir: installedPackage,
  versionIn: (file) => {
    try {
      const { version } = JSON.parse(readFileSync(file, 'utf8'));
      return typeof version === 'string' ? version : undefined;
    } catch {
      // Only a warning needs it.
      return undefined;
    }
  },
};

/** By another name than its own: webpack takes a call of `createRequire` for a list of the modules that it has bundled, which is empty. */
const makeRequire = Reflect.get(nodeModule, 'createRequire') as typeof nodeModule.createRequire;

/**
 * Folder of an installed package, looked for as `require` does.
 * @param from a file or its URL; default: this module's own place, then that of the program's script. Never the working directory, where
 * anybody's package may lie.
 * @returns undefined when it is not there
 */
function installedPackage(name: string, from?: string): string | undefined {
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
