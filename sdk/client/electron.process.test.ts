import { chmod, mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPackageWithOptions, extractAll } from '@electron/asar';
import { afterEach, expect, test } from 'vitest';
import { engineTarget } from '../../native/engine-layout.mjs';
import { type FindOps, machineOps } from '../../native/find-engine.mjs';
import { resolveCodexBin } from './resolve-codex-bin.ts';

const target = engineTarget(process.platform, process.arch) ?? { package: 'none', triple: 'none' };
const name = process.platform === 'win32' ? 'codex.exe' : 'codex';
let folder: string;
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An app as Electron has it: its archive, which here is a folder of that name, and beside it what was left out. */
async function app(unpackDir: string): Promise<{ ops: FindOps; resources: string }> {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'asar-')));
  const vendor = join(folder, 'app/node_modules', target.package, 'vendor', target.triple);
  await mkdir(join(vendor, 'bin'), { recursive: true });
  await writeFile(join(vendor, 'codex-package.json'), '{}');
  await writeFile(join(vendor, 'bin', name), 'an engine');
  await chmod(join(vendor, 'bin', name), 0o755);
  for (const one of ['@openai/codex', target.package]) {
    const file = join(folder, 'app/node_modules', one, 'package.json');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '{}');
  }
  await createPackageWithOptions(join(folder, 'app'), join(folder, 'made', 'app.asar'), { unpackDir });
  const resources = join(folder, 'resources');
  extractAll(join(folder, 'made', 'app.asar'), join(resources, 'app.asar'));
  await rename(join(folder, 'made', 'app.asar.unpacked'), join(resources, 'app.asar.unpacked'));
  const packageDir: FindOps['packageDir'] = (one) => join(resources, 'app.asar/node_modules', one);
  return { ops: { ...machineOps, packageDir }, resources };
}

test.each(['**/vendor', '**/node_modules/@openai/**'])(
  'an engine that Electron left out of its archive (%s) is found where it can be started',
  async (unpacked) => {
    const { ops, resources } = await app(unpacked);
    const bin = join(resources, 'app.asar.unpacked/node_modules', target.package, 'vendor', target.triple, 'bin', name);
    expect(resolveCodexBin(undefined, 'codexBin', ops).bin).toBe(bin);
  },
);
