import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { engineTarget } from '../../native/engine-layout.mjs';

const sdk = fileURLToPath(new URL('../index.ts', import.meta.url));
const target = engineTarget(process.platform, process.arch);
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A program with the engine's packages installed, and itself one file as a bundler makes it; says which engine it would start. */
async function program(format: 'cjs' | 'esm', installed: boolean) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bundled-')));
  folders.push(folder);
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const modules = 'app/node_modules';
  const vendor = `${modules}/${target?.package}/vendor/${target?.triple}`;
  if (installed) {
    for (const name of ['@openai/codex', target?.package]) await write(`${modules}/${name}/package.json`, '{}');
    await write(`${vendor}/codex-package.json`, '{}');
    await write(`${vendor}/bin/${process.platform === 'win32' ? 'codex.exe' : 'codex'}`, 'no program');
  }
  const contents = `
    import { Codex } from ${JSON.stringify(sdk)};
    new Codex().models().catch((error) => console.log(error.name + ': ' + error.message));`;
  const outfile = join(folder, `app/main.${format === 'cjs' ? 'cjs' : 'mjs'}`);
  await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    platform: 'node',
    format,
    outfile,
    logLevel: 'silent',
  });
  // Started from elsewhere: where somebody stands must not say what is run.
  const env = { TWINPROOF_ENGINE: '', TWINPROOF_CACHE: join(folder, 'cache') };
  const { stdout } = await execa(process.execPath, [outfile], { cwd: tmpdir(), env });
  return { stdout, folder: join(folder, 'app') };
}

test.each(['cjs', 'esm'] as const)(
  'a program in one file (%s) finds the engine that is installed with it',
  async (format) => {
    const { stdout, folder } = await program(format, true);
    expect(stdout).toContain(`LaunchError: could not start the Codex process ${join(folder, 'node_modules')}`);
  },
);

test('a program in one file that has no engine is told so', async () => {
  const { stdout, folder } = await program('cjs', false);
  const cache = join(folder, '..', 'cache', 'engines');
  expect(stdout).toMatch(/^LaunchError: Unable to locate the Codex runtime: TWINPROOF_ENGINE is not set, the package/);
  expect(stdout).toContain(`${cache} has no engine. Run \`npx twinproof install\`, or`);
});
