import { dirname, join } from 'node:path';
import { $ } from 'zx';
import type { Output } from '../../harness/commands/output.mjs';
import type { Arguments } from '../../harness/commands/read-arguments.mjs';
import { commitOf } from '../../native/build/build-engine.mjs';
import { ensureSource } from '../../native/build/source.mjs';
import { toolchainOf } from '../../native/build/toolchain.mjs';
import { EngineError } from '../../native/engine-error.mjs';
import { readEngineLock } from '../../native/engine-lock.mjs';
import { expectedGot } from '../../native/expected-got.mjs';

/** What it works on; tests have their own. */
export interface Machine {
  root: string;
  env: NodeJS.ProcessEnv;
}

const ours: Machine = { root: dirname(dirname(import.meta.dirname)), env: process.env };

/** `npm run bootstrap-rust`. @returns the exit code */
export async function main({ values }: Arguments, output: Output, { root, env }: Machine = ours): Promise<number> {
  const { engine, commit: given } = values as { engine?: string; commit?: string };
  const lock = readEngineLock();
  const version = engine ?? lock.pin;
  const folder = await ensureSource(commitOf(version, given, lock), { root, env, log: output.note });
  const channel = toolchainOf(join(folder, 'codex-rs'));
  const quiet = $({ env, quiet: true, nothrow: true });
  const list = await quiet`rustup toolchain list`;
  if (list.exitCode !== 0) {
    const advice = 'Install it as https://rustup.rs says, or build with --docker';
    throw new EngineError('build', expectedGot('looking for rustup', 'it on PATH', 'none', advice));
  }
  const has = list.stdout.split('\n').some((line) => line.startsWith(`${channel}-`));
  if (!has) {
    output.note(`Installing Rust ${channel} …`);
    const done = await quiet`rustup toolchain install ${channel} --profile minimal`;
    if (done.exitCode !== 0) {
      const got = `exit code ${done.exitCode}:\n${done.stderr.trimEnd()}`;
      throw new EngineError('build', expectedGot(`installing Rust ${channel}`, 'rustup to succeed', got));
    }
  }
  output.out(`native/codex is there, and Rust ${channel} ${has ? 'was there already' : 'is installed'}.`);
  return 0;
}
