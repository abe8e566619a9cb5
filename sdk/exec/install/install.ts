import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { engineTarget } from '../../../native/engine-layout.mjs';
import { fromCaller } from '../../errors/callers-line.ts';
import { CodexError } from '../../errors/codex-error.ts';
import {
  signal as aSignal,
  checkArgument,
  checkOptions,
  flag,
  object,
  type RulesFor,
  text,
} from '../../options/check-options.ts';
import { CodexInstallError, ExecAbortError } from '../exec-errors.ts';
import { expandHome } from '../expand-home.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { tarFiles, UnsafeTarEntry } from './tar-entries.ts';

/**
 * Downloads a URL (`http:`, `https:` or `file:`) to a file.
 * @returns its SHA-256 in lower-case hexadecimal
 * @throws CodexInstallError if the download is incomplete or fails
 */
export async function download(url: string, file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  try {
    const source = url.startsWith('file:') ? createReadStream(fileURLToPath(url)) : await fetched(url, signal);
    async function* hashed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    }
    await pipeline(source, hashed, createWriteStream(file), { ...(signal ? { signal } : {}) });
    return hash.digest('hex');
  } catch (cause) {
    throw new CodexInstallError(`Failed to download ${url}: ${reasonOf(cause)}`, { cause });
  }
}

async function fetched(url: string, signal: AbortSignal | undefined): Promise<Readable> {
  const response = await fetch(url, signal ? { signal } : {});
  if (response.ok && response.body) return Readable.fromWeb(response.body as ReadableStream);
  await response.body?.cancel();
  throw new Error(`HTTP ${response.status} ${response.statusText}`.trimEnd());
}

/** `fetch` says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}

/**
 * Reads a whole `.tar.gz` and extracts only the engine.
 * @param names names of the engine inside the archive; the first that exists is taken
 * @param folder where to write the files
 * @returns the engine's file
 * @throws CodexInstallError if the archive is broken, contains anything unsafe, or lacks the engine
 */
export async function extractEngine(archive: string, names: readonly string[], folder: string): Promise<string> {
  const found = new Map<string, string>();
  const unzipped = createGunzip();
  try {
    await pipeline(createReadStream(archive), unzipped, async (bytes: AsyncIterable<Buffer>) => {
      for await (const entry of tarFiles(bytes)) {
        const name = entry.name.replace(/^(?:\.\/+)+/, '');
        if (!names.includes(name)) continue;
        const path = join(folder, `engine-${found.size}`);
        await pipeline(entry.read(), createWriteStream(path));
        found.set(name, path);
      }
    });
  } catch (cause) {
    if (cause instanceof UnsafeTarEntry) throw new CodexInstallError(`Unsafe tar entry: ${cause.message}`, { cause });
    throw new CodexInstallError(`Failed to extract ${archive}: ${(cause as Error).message}`, { cause });
  }
  const engine = names.map((name) => found.get(name)).find((path) => path !== undefined);
  if (engine !== undefined) return engine;
  throw new CodexInstallError(`Downloaded archive did not contain expected binary: ${names[0]}`);
}

/** Options of `install()`. Python has defaults for the two that are required here besides `version`. */
export interface InstallOptions {
  /** The release, as it appears in the URL. */
  version: string;
  /** Where the releases are: the archive is at `<baseUrl>/<version>/<filename>`. `http:`, `https:` or `file:`. */
  baseUrl: string;
  /** Where to put the engine; created if it does not exist. `~` is the home folder. */
  installDir: string;
  /** Default: `codex-<target>.tar.gz`, on Windows `codex-<target>.exe.tar.gz`. */
  filename?: string;
  /** SHA-256 of the archive. Default: it is not checked. */
  sha256?: string;
  /** Whether to replace an existing engine. Default: false. */
  overwrite?: boolean;
  /** Stops the installation and leaves nothing behind. */
  signal?: AbortSignal;
}

export const installRules: RulesFor<InstallOptions> = {
  version: text,
  baseUrl: text,
  installDir: text,
  filename: text,
  sha256: text,
  overwrite: flag,
  signal: aSignal,
};

/** The result of `install()` (Python: `CodexInstallResult`). */
export interface CodexInstallResult {
  /** An absolute path; pass it as `codexPathOverride`. */
  codexPath: string;
  /** False if an engine was already there. */
  installed: boolean;
}

/**
 * Installs an engine (Python: `Codex.install`). There is no default source: you decide where it comes from, and whether
 * to trust it (`sha256`). The engine appears whole or not at all.
 * @throws CodexInstallError if it cannot be downloaded, or its archive is not as expected; what was there before is
 * unchanged
 * @throws AbortError if `signal` fired
 */
export async function install(options: InstallOptions): Promise<CodexInstallResult> {
  return await fromCaller(install, () => installEngine(options));
}

async function installEngine(options: InstallOptions): Promise<CodexInstallResult> {
  checkArgument('options', options, object);
  checkOptions('install', options, installRules);
  const { version, baseUrl, sha256, signal } = options;
  if (!version) throw new CodexInstallError('version is required');
  if (!baseUrl) throw new CodexInstallError('baseUrl is required: there is no default source');
  const target = engineTarget(process.platform, process.arch);
  if (!target) throw new CodexInstallError(`Unsupported platform: ${process.platform} (${process.arch})`);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const binary = `codex${ending}`;
  const installDir = await orInstallError(binary, () => expandHome(options.installDir));
  const codexPath = join(installDir, binary);
  if (existsSync(codexPath) && !options.overwrite) return { codexPath, installed: false };

  const asset = options.filename ?? `codex-${target.triple}${ending}.tar.gz`;
  const names = [binary, `codex/${binary}`, asset.replace(/\.(?:tar\.gz|tgz)$/, ''), `codex-${target.triple}${ending}`];
  const folder = await orInstallError(codexPath, () => makeTemporaryFolder('codex-install-'));
  const beside = join(installDir, `${binary}.${randomUUID()}.tmp`);
  try {
    const archive = join(folder.path, basename(asset));
    const seen = await download(`${baseUrl.replace(/\/+$/, '')}/${version}/${asset}`, archive, signal);
    if (sha256 !== undefined && sha256.toLowerCase() !== seen) {
      throw new CodexInstallError(`SHA256 mismatch for ${asset}: expected ${sha256}, got ${seen}`);
    }
    const engine = await extractEngine(archive, names, folder.path);
    signal?.throwIfAborted();
    await mkdir(installDir, { recursive: true });
    await copyFile(engine, beside);
    await chmod(beside, 0o755);
    await rename(beside, codexPath);
    return { codexPath, installed: true };
  } catch (cause) {
    if (signal?.aborted) throw new ExecAbortError(signal.reason);
    if (cause instanceof CodexError) throw cause;
    throw new CodexInstallError(`Failed to install ${codexPath}: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(beside, { force: true }).catch(() => {});
    await folder.remove();
  }
}

async function orInstallError<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new CodexInstallError(`Failed to install ${what}: ${(cause as Error).message}`, { cause });
  }
}
