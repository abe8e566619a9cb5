import { appendFile, copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { Codex as Exec } from '../exec.ts';
import { Codex, LaunchError } from '../index.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'twinproof-strict-'));
  vi.stubEnv('TWINPROOF_CACHE', join(home, 'cache'));
  await writeFile(join(home, 'config.toml'), 'check_for_update_on_startup = false\n[analytics]\nenabled = false\n');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const client = (codexBin: string) =>
  new Codex({ codexBin, engineCheck: 'strict', env: { CODEX_HOME: home, HOME: home, OPENAI_API_KEY: '' } });

test('strict starts the published engine, and again by what it has noted of it', async () => {
  const { path } = await resolveEngine();
  for (const _ of ['read whole', 'noted']) {
    await using codex = client(path);
    expect((await codex.models()).data.length).toBeGreaterThan(0);
    const noted = await readdir(join(home, 'cache', 'verified'));
    expect(noted).toHaveLength(1);
  }
});

test('strict starts no engine to which a byte was added, which starts without it', async () => {
  const codexBin = join(home, 'codex');
  await copyFile((await resolveEngine()).path, codexBin);
  await appendFile(codexBin, '\0');
  await using codex = client(codexBin);
  await expect(codex.connect()).rejects.toThrow(LaunchError);
  await expect(codex.connect()).rejects.toThrow(/^Verifying the engine .*, got another file/);
  const exec = new Exec({ codexPathOverride: codexBin, engineCheck: 'strict' });
  await expect(exec.startThread().run('hi')).rejects.toThrow(/^Verifying the engine .*, got another file/);
  await using lenient = new Codex({ codexBin, env: { CODEX_HOME: home, HOME: home, OPENAI_API_KEY: '' } });
  await lenient.connect();
});
