import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from 'zx';
import { engineTarget } from '../../native/engine-layout.mjs';

/**
 * The engine's two packages in their own layout, with a script in place of its 300 MB: it starts the engine that is there. Folders, ready to be packed.
 * @returns the folders; the platform's package first, which the other depends on by its tarball
 */
export async function writeEnginePackages(
  folder: string,
  engine: { path: string; version: string },
): Promise<{ name: string; folder: string }[]> {
  const target = engineTarget(process.platform, process.arch);
  if (target === undefined)
    throw new Error(`Packing the engine: expected a platform with an engine, got ${process.platform}`);
  const { version } = engine;
  const platform = join(folder, 'platform');
  const vendor = join(platform, 'vendor', target.triple);
  await mkdir(join(vendor, 'bin'), { recursive: true });
  await writeFile(join(vendor, 'codex-package.json'), JSON.stringify({ version }));
  await writeFile(join(vendor, 'bin', 'codex'), `#!/bin/sh\nexec '${engine.path}' "$@"\n`);
  await chmod(join(vendor, 'bin', 'codex'), 0o755);
  await writeFile(join(platform, 'package.json'), JSON.stringify({ name: target.package, version }));
  const codex = join(folder, 'codex');
  await mkdir(codex, { recursive: true });
  const optionalDependencies = { [target.package]: `file:${join(folder, 'platform.tgz')}` };
  await writeFile(
    join(codex, 'package.json'),
    JSON.stringify({ name: '@openai/codex', version, optionalDependencies }),
  );
  return [
    { name: target.package, folder: platform },
    { name: '@openai/codex', folder: codex },
  ];
}

/** The stand-in as an archive of a release. */
export async function writeEngineArchive(
  platformPackage: string,
  file: string,
): Promise<{ file: string; sha256: string }> {
  const target = engineTarget(process.platform, process.arch);
  await $({ quiet: true })`tar -czf ${file} -C ${join(platformPackage, 'vendor', target?.triple ?? '')} .`;
  return {
    file,
    sha256: createHash('sha256')
      .update(await readFile(file))
      .digest('hex'),
  };
}
