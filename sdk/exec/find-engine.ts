import { join } from 'node:path';
import {
  engineTarget,
  machineOps,
  type ResolvedCodex,
  type ResolveOps,
  vendorDir,
} from '../client/resolve-codex-bin.ts';
import { LaunchError } from '../errors/connection-errors.ts';

/**
 * The engine of the installed `@openai/codex`, in its current or its former layout. There is no fallback to PATH,
 * because an engine there may have any version.
 * @throws LaunchError if there is none
 */
export function findEngine(ops: ResolveOps = machineOps): ResolvedCodex {
  const target = engineTarget(ops.platform, ops.arch);
  if (!target) throw new LaunchError(`Unsupported platform: ${ops.platform} (${ops.arch})`);
  const advice = 'Ensure @openai/codex is installed with optional dependencies.';
  const codexDir = ops.packageDir('@openai/codex');
  const platformDir = codexDir && ops.packageDir(target.package, join(codexDir, 'package.json'));
  if (!platformDir) throw new LaunchError(`Unable to locate Codex CLI binaries. ${advice}`);
  const root = vendorDir(platformDir, target, ops);
  const name = ops.platform === 'win32' ? 'codex.exe' : 'codex';
  const withDirs = (bin: string, pathDir: string) => ({ bin, pathDirs: ops.isDirectory(pathDir) ? [pathDir] : [] });
  const bin = join(root, 'bin', name);
  const metadata = join(root, 'codex-package.json');
  if (ops.exists(bin) && ops.exists(metadata))
    return { ...withDirs(bin, join(root, 'codex-path')), version: ops.versionIn(metadata) };
  const before = join(root, 'codex', name);
  if (ops.exists(before)) return withDirs(before, join(root, 'path'));
  throw new LaunchError(`Unable to locate Codex CLI binaries for ${target.triple}. ${advice}`);
}
