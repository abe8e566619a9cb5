import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { engineTarget } from '../../client/resolve-codex-bin.ts';
import { CodexError } from '../../errors/codex-error.ts';
import { CodexInstallError, ExecAbortError } from '../exec-errors.ts';
import { expandHome } from '../expand-home.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { download } from './download.ts';
import { extractEngine } from './extract-engine.ts';

/** Options of `install()`. Python has a default for the first two that are required here beside `version`. */
export interface InstallOptions {
  /** The release, as it stands in the address. */
  version: string;
  /** Where releases are: the archive is at `<baseUrl>/<version>/<filename>`. `http:`, `https:` or `file:`. */
  baseUrl: string;
  /** Where the engine goes; made if it is not there. `~` is the home folder. */
  installDir: string;
  /** Default: `codex-<target>.tar.gz`, `codex-<target>.exe.tar.gz` on Windows. */
  filename?: string;
  /** SHA-256 of the archive. Default: it is not checked. */
  sha256?: string;
  /** Default false: an engine that is there is left as it is. */
  overwrite?: boolean;
  /** Ends the installation; nothing is left then. */
  signal?: AbortSignal;
}

/** What `install()` resolves to (Python: `CodexInstallResult`). */
export interface CodexInstallResult {
  /** Absolute; for `codexPathOverride`. */
  codexPath: string;
  /** False where an engine was there before. */
  installed: boolean;
}

/**
 * Brings an engine (Python: `Codex.install`). There is no default source: the program says where from, and whether to trust it (`sha256`).
 * The engine appears whole or not at all.
 * @throws CodexInstallError when it cannot be had, or its archive is not what it should be; what was there before is untouched
 * @throws AbortError when `signal` fired
 */
export async function install(options: InstallOptions): Promise<CodexInstallResult> {
  const { version, baseUrl, sha256, signal } = options;
  if (!version) throw new CodexInstallError('version is required');
  if (!baseUrl) throw new CodexInstallError('baseUrl is required: there is no default source');
  const target = engineTarget(process.platform, process.arch);
  if (!target) throw new CodexInstallError(`Unsupported platform: ${process.platform} (${process.arch})`);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const binary = `codex${ending}`;
  const installDir = expandHome(options.installDir);
  const codexPath = join(installDir, binary);
  if (existsSync(codexPath) && !options.overwrite) return { codexPath, installed: false };

  const asset = options.filename ?? `codex-${target.triple}${ending}.tar.gz`;
  const names = [binary, `codex/${binary}`, asset.replace(/\.(?:tar\.gz|tgz)$/, ''), `codex-${target.triple}${ending}`];
  const folder = await makeTemporaryFolder('codex-install-');
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
