// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../engine-error.mjs';
import { expectedGot } from '../expected-got.mjs';
import { run } from './git.mjs';

/**
 * The Rust that the source asks for, in `codex-rs/rust-toolchain.toml`.
 * @param {string} workspace the folder `codex-rs`
 * @returns {string} "1.95.0"
 * @throws {EngineError} `build`
 */
export function toolchainOf(workspace) {
  const file = join(workspace, 'rust-toolchain.toml');
  const refuse = (/** @type {string} */ got, /** @type {unknown} */ cause) =>
    new EngineError('build', expectedGot(`reading ${file}`, 'channel = "VERSION"', got), { cause });
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw refuse('no such file', cause);
  }
  const channel = /^\s*channel\s*=\s*"([\w.-]+)"/m.exec(text)?.[1];
  if (channel === undefined) throw refuse('none', undefined);
  return channel;
}

/**
 * Checks that the Rust that the source asks for is there: nothing is installed in the middle of a build.
 * @param {string} channel
 * @param {import('./git.mjs').BuildContext} context
 * @returns {Promise<string>} what rustc says of itself, which is part of what a build depends on
 * @throws {EngineError} `build`, with the command that installs it
 */
export async function checkToolchain(channel, context) {
  const advice = 'Run `npm run bootstrap-rust`, or use --docker';
  /** @param {string} doing @param {string} program @param {string[]} args */
  const ask = (doing, program, args) =>
    run(doing, program, args, context).catch((cause) => {
      context.signal?.throwIfAborted();
      const got = cause.cause?.code === 'ENOENT' ? `no ${program} on PATH` : cause.message;
      throw new EngineError('build', expectedGot(doing, `${program}, which builds the engine`, got, advice), { cause });
    });
  await ask('looking for rustup', 'rustup', ['--version']);
  const list = await ask('looking for toolchains', 'rustup', ['toolchain', 'list']);
  const installed = list.split('\n').map((line) => line.split(' ', 1)[0] ?? '');
  if (!installed.some((name) => name === channel || name.startsWith(`${channel}-`))) {
    const has = installed.filter((name) => name !== '').join(', ') || 'none';
    throw new EngineError('build', expectedGot('looking for toolchains', `Rust ${channel}`, has, advice));
  }
  await ask('looking for cargo', 'cargo', [`+${channel}`, '--version']);
  return await ask('looking for rustc', 'rustc', [`+${channel}`, '--version', '--verbose']);
}
