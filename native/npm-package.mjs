// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineError } from './engine-error.mjs';
import { expectedGot } from './expected-got.mjs';
import { explainFailure } from './explain-failure.mjs';
import { findNpm } from './find-npm.mjs';
import { runChild } from './run-child.mjs';

/**
 * How npm is run: as the user would run it in `root`, so that registry, proxy and credentials are the user's own.
 * @typedef {object} NpmContext
 * @property {string} root
 * @property {NodeJS.ProcessEnv} env
 * @property {AbortSignal} [signal]
 * @property {string} [logs] folder for what npm has said; default: `.cache/setup` in `root`
 * @property {boolean} [offline] takes what is in the user's own cache of npm, and asks no registry
 * @property {(bytes: number) => void} [onBytes] how much has been downloaded so far
 */

/** The package that the engine is published as. */
export const enginePackage = '@openai/codex';

/**
 * `@openai/codex@0.171.0-linux-x64`, taken from what the main package installs on that platform.
 * @param {string} version
 * @param {import('./platform.mjs').PlatformKey} key
 * @param {Readonly<Record<string, string>>} optional the main package's optional dependencies
 * @throws {EngineError} `platform`
 */
export function platformPackage(version, key, optional) {
  const alias = optional[`${enginePackage}-${key}`];
  if (alias?.startsWith(`npm:${enginePackage}@`)) return alias.slice('npm:'.length);
  const doing = `reading the packages of ${enginePackage}@${version}`;
  const got = Object.keys(optional).join(', ') || 'no optional package';
  throw new EngineError('platform', expectedGot(doing, `one for ${key}`, got));
}

/**
 * The platform and the path of the binary, where a file of a platform's package is that; else undefined.
 * @param {string} name path in the tarball
 */
export function binaryIn(name) {
  const [, target, binary] = /^package\/vendor\/([^/]+)\/(bin\/codex(?:\.exe)?)$/.exec(name) ?? [];
  return target === undefined || binary === undefined ? undefined : { target, binary };
}

/**
 * What the registry says of one version of a package.
 * @param {string} spec `@openai/codex@0.171.0`
 * @param {NpmContext} context
 * @returns {Promise<{ version: string, integrity: string, optionalDependencies: Record<string, string> }>}
 * @throws {EngineError} `no-version`, or `download` when the registry does not answer
 */
export async function viewPackage(spec, context) {
  const doing = `asking the registry for ${spec}`;
  const fields = ['version', 'dist.integrity', 'optionalDependencies'];
  // A registry that does not answer is reported within seconds; npm's own timeouts are meant for downloads.
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
  const stdout = await npm(doing, ['view', spec, ...fields, '--json', ...patience], 'npm-view.log', context);
  let told;
  try {
    told = JSON.parse(stdout);
  } catch (cause) {
    const got = stdout.trim() === '' ? 'no answer' : 'one that is not JSON';
    throw new EngineError('no-version', expectedGot(doing, 'a published version', got), { cause });
  }
  const { version, optionalDependencies = {} } = told ?? {};
  const integrity = told?.['dist.integrity'];
  if (typeof version !== 'string' || !/^sha512-/.test(integrity ?? ''))
    throw new EngineError('download', expectedGot(doing, 'a version and a sha512 integrity', JSON.stringify(told)));
  return { version, integrity, optionalDependencies };
}

/**
 * Downloads a package's tarball into `folder` and checks it before anything of it is used.
 * @param {string} spec
 * @param {string} integrity `sha512-…`
 * @param {string} folder is made; must be the caller's own, to be removed
 * @param {NpmContext} context
 * @returns {Promise<string>} absolute path of the tarball
 * @throws {EngineError} `no-version`, `download` or `wrong-hash`
 */
export async function downloadPackage(spec, integrity, folder, context) {
  const doing = `downloading ${spec}`;
  mkdirSync(folder, { recursive: true });
  // A separate cache: the user's would keep about 170 MB for each platform.
  const cache = context.offline ? [] : ['--cache', join(folder, 'npm-cache')];
  const args = ['pack', spec, '--json', '--pack-destination', folder, ...cache];
  const { onBytes } = context;
  // npm says nothing of how far it is.
  const watching = onBytes && setInterval(() => onBytes(sizeOf(folder)), progressMs);
  let stdout;
  try {
    stdout = await npm(doing, args, 'npm-pack.log', context);
  } finally {
    clearInterval(watching);
  }
  const name = /"filename":\s*"([^"]+)"/.exec(stdout)?.[1];
  if (name === undefined) throw new EngineError('download', expectedGot(doing, 'the name of a file', 'none from npm'));
  // Older releases of npm include the slash of the package's name.
  const file = join(folder, name.replace(/^@/, '').replaceAll('/', '-'));
  const hash = createHash('sha512');
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { ...signalOf(context) });
  } catch (cause) {
    context.signal?.throwIfAborted();
    throw new EngineError('download', expectedGot(doing, 'a readable tarball', String(cause)), { cause });
  }
  const got = `sha512-${hash.digest('base64')}`;
  if (got !== integrity) throw new EngineError('wrong-hash', expectedGot(doing, `a tarball with ${integrity}`, got));
  return file;
}

const progressMs = 200;

/** @param {string} folder */
function sizeOf(folder) {
  let total = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found?.isFile()) total += found.size;
  }
  return total;
}

/** @param {NpmContext} context */
const signalOf = ({ signal }) => (signal === undefined ? {} : { signal });

/**
 * @param {string} doing
 * @param {string[]} args
 * @param {string} log
 * @param {NpmContext} context
 */
async function npm(doing, args, log, context) {
  const { root, env, logs = join(root, '.cache', 'setup'), offline = false } = context;
  const logFile = join(logs, log);
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier', '--ignore-scripts'];
  const done = await runChild(process.execPath, [findNpm(env), ...args, ...quiet, ...(offline ? ['--offline'] : [])], {
    cwd: root,
    env,
    logFile,
    ...signalOf(context),
  });
  if (done.code === 0) return done.stdout;
  if (offline && /\bENOTCACHED\b/.test(done.tail + done.stdout)) {
    const advice = 'Run it without --offline, or with --from FILE';
    throw new EngineError('download', expectedGot(doing, "it in npm's cache", 'nothing of it there', advice));
  }
  if (/\bE404\b|\bETARGET\b/.test(done.tail + done.stdout))
    throw new EngineError('no-version', expectedGot(doing, 'a published version', 'none of that name'));
  const { expected, got } = explainFailure('npm', done, logFile);
  throw new EngineError('download', expectedGot(doing, expected, got));
}
