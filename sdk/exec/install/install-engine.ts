import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { downloadFile } from '../../../native/download-file.mjs';
import { extractEngine, namesInArchive } from '../../../native/engine-archive.mjs';
import { engineFile, engineTarget } from '../../../native/engine-layout.mjs';
import { UnsafeTarEntry } from '../../../native/read-tarball.mjs';
import { CodexError } from '../../errors/codex-error.ts';
import { CodexInstallError, ExecAbortError } from '../exec-errors.ts';
import { expandHome } from '../expand-home.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import type { CodexInstallResult, InstallOptions } from './install-options.ts';

/** The work of `install()`, with options that are checked. */
export async function installEngine(options: InstallOptions): Promise<CodexInstallResult> {
  const { version, baseUrl, sha256, signal } = options;
  if (!version) throw new CodexInstallError('version is required');
  if (!baseUrl) throw new CodexInstallError('baseUrl is required: there is no default source');
  const target = engineTarget(process.platform, process.arch);
  if (!target) throw new CodexInstallError(`Unsupported platform: ${process.platform} (${process.arch})`);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const binary = engineFile(process.platform);
  const installDir = await orInstallError(`Failed to install ${binary}`, () => expandHome(options.installDir));
  const codexPath = join(installDir, binary);
  if (existsSync(codexPath) && !options.overwrite) return { codexPath, installed: false };

  const asset = options.filename ?? `codex-${target.triple}${ending}.tar.gz`;
  const folder = await orInstallError(`Failed to install ${codexPath}`, () => makeTemporaryFolder('codex-install-'));
  const beside = join(installDir, `${binary}.${randomUUID()}.tmp`);
  try {
    const archive = join(folder.path, basename(asset));
    const url = `${baseUrl.replace(/\/+$/, '')}/${version}/${asset}`;
    const seen = await orInstallError(`Failed to download ${url}`, () => downloadFile(url, archive, { signal }));
    if (sha256 !== undefined && sha256.toLowerCase() !== seen) {
      throw new CodexInstallError(`SHA256 mismatch for ${asset}: expected ${sha256}, got ${seen}`);
    }
    const engine = await extract(archive, namesInArchive(target.triple, process.platform, asset), folder.path);
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
    throw new CodexInstallError(`${what}: ${(cause as Error).message}`, { cause });
  }
}

async function extract(archive: string, names: readonly string[], folder: string): Promise<string> {
  let engine: string | undefined;
  try {
    engine = await extractEngine(archive, names, folder);
  } catch (cause) {
    if (cause instanceof UnsafeTarEntry) throw new CodexInstallError(`Unsafe tar entry: ${cause.path}`, { cause });
    throw new CodexInstallError(`Failed to extract ${archive}: ${(cause as Error).message}`, { cause });
  }
  if (engine !== undefined) return engine;
  throw new CodexInstallError(`Downloaded archive did not contain expected binary: ${names[0]}`);
}
