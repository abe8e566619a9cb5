import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { engineTarget } from '../../native/engine-layout.mjs';
import { lockOf } from '../../native/test-fixtures/registry.ts';

const sdk = fileURLToPath(new URL('../index.ts', import.meta.url));
const target = engineTarget(process.platform, process.arch);
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

interface Surroundings {
  /** Whether the engine's packages are. */
  installed: boolean;
  options?: object;
  /** The lock that this package has where it is installed. */
  lock?: object;
}

const engine = 'no program';
const formats = ['cjs', 'esm'] as const;

/** A program with the engine's packages installed, and itself one file as a bundler makes it; says which engine it would start. */
async function program(format: 'cjs' | 'esm', { installed, options = {}, lock }: Surroundings) {
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
    await write(`${vendor}/bin/${process.platform === 'win32' ? 'codex.exe' : 'codex'}`, engine);
  }
  if (lock) {
    await write(`${modules}/twinproof/package.json`, '{}');
    await write(`${modules}/twinproof/native/engine.lock.json`, JSON.stringify(lock));
  }
  const contents = `
    import { Codex } from ${JSON.stringify(sdk)};
    new Codex(${JSON.stringify(options)}).models().catch((error) => console.log(error.name + ': ' + error.message));`;
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

test.each(formats)('a program in one file (%s) finds the engine that is installed with it', async (format) => {
  const { stdout, folder } = await program(format, { installed: true });
  expect(stdout).toContain(`LaunchError: could not start the Codex process ${join(folder, 'node_modules')}`);
});

test('a program in one file that has no engine is told so', async () => {
  const { stdout, folder } = await program('cjs', { installed: false });
  const cache = join(folder, '..', 'cache', 'engines');
  expect(stdout).toMatch(/^LaunchError: Unable to locate the Codex runtime: TWINPROOF_ENGINE is not set, the package/);
  expect(stdout).toContain(`${cache} has no engine. Run \`npx twinproof install\`, or`);
});

const strict = { installed: true, options: { engineCheck: 'strict' } };

test.each(formats)(
  'strict in a program of one file (%s) goes by the lock of the package that is installed beside it',
  async (format) => {
    const lock = lockOf(['1.0.0']);
    const unknown = await program(format, { ...strict, lock });
    expect(unknown.stdout).toMatch(/^LaunchError: Verifying the engine .*: expected the published codex of 1\.0\.0 /);
    const sha256 = createHash('sha256').update(engine).digest('hex');
    for (const build of Object.values(lock.engines['1.0.0'] ?? {})) build.sha256 = sha256;
    const known = await program(format, { ...strict, lock });
    expect(known.stdout).toMatch(/^LaunchError: could not start the Codex process /);
  },
);

test.each(formats)('strict in a program of one file (%s) says what to do where there is no lock', async (format) => {
  const { stdout } = await program(format, strict);
  expect(stdout).toMatch(
    /^LaunchError: Reading the engine's lock .*engine\.lock\.json: expected .*, got no such file\. /,
  );
  expect(stdout).toContain('Keep the package twinproof installed beside a program in one file');
});
