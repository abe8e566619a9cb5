import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expectedGot } from '../../native/expected-got.mjs';
import type { RawSchema } from './strip-prose.ts';

/** What the engine says of itself, with and without its experimental API. */
export interface EngineSchemas {
  /** As in `codex-cli 0.163.0`: the number alone. */
  version: string;
  experimental: RawSchema;
  stable: RawSchema;
}

const bundle = 'codex_app_server_protocol.schemas.json';

/**
 * Runs `app-server generate-json-schema` of the engine at `path`, twice, in a home of its own that is removed afterwards.
 *
 * @throws when the engine does not start, or prints no version or no bundle.
 */
export async function readEngineSchemas(path: string): Promise<EngineSchemas> {
  const root = await mkdtemp(join(tmpdir(), 'engine-schema-'));
  // The engine reads its configuration from CODEX_HOME and HOME, and the contract must not depend on whose machine made it.
  const options = {
    env: { HOME: root, CODEX_HOME: root, PATH: '/usr/local/bin:/usr/bin:/bin' },
    extendEnv: false,
    stdin: 'ignore',
    timeout: 60_000,
  } as const;
  const read = async (name: string, flags: string[]): Promise<RawSchema> => {
    const out = join(root, name);
    await execa(path, ['app-server', 'generate-json-schema', '--out', out, ...flags], options);
    return JSON.parse(await readFile(join(out, bundle), 'utf8')) as RawSchema;
  };
  try {
    const { stdout } = await execa(path, ['--version'], options);
    const version = /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
    if (version === undefined)
      throw new Error(expectedGot('asking the engine for its version', 'a number like 0.163.0', `"${stdout}"`));
    return { version, experimental: await read('experimental', ['--experimental']), stable: await read('stable', []) };
  } catch (cause) {
    throw new Error(
      `Reading the schema of the engine ${path} failed: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
