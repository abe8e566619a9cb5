// @ts-check
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { readStamp, writeStamp } from './bootstrap/stamp.mjs';

/**
 * Bundles `fake-codex-rs` to one file, `dist/fake-codex-rs.mjs`: TypeScript loaded at run time would start more than three times slower.
 * Does nothing when the stamp says that the bundle was made of the same sources.
 * @param {string} root the repository's folder
 * @returns {Promise<{ file: string, built: boolean }>}
 * @throws {Error} when a source cannot be read or bundled; the bundle that was there stays as it was
 */
export async function buildFake(root) {
  const { file, stamp } = outputs(root);
  if (fakeIsFresh(root)) return { file, built: false };
  const inputs = hashInputs(root);
  // Loaded only where it has something to do: looking costs 50 ms less so.
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [join(root, 'fake-codex-rs', 'main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    banner: { js: '#!/usr/bin/env node' },
    define: {
      BUNDLED_ENGINE_VERSION: JSON.stringify(pinOf(root)),
      // Twice: the bundle holds them as one text, which costs nothing until a script has it parsed.
      BUNDLED_CONTRACTS: JSON.stringify(JSON.stringify(contractsOfScripts(root))),
      // All of them, for generate-json-schema alone: compressed, since every start reads the bundle.
      BUNDLED_SCHEMAS: JSON.stringify(wholeContracts(root)),
    },
    logLevel: 'silent',
  });
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, result.outputFiles[0]?.contents ?? '');
    chmodSync(beside, 0o755);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  writeStamp(stamp, { inputs });
  return { file, built: true };
}

/**
 * Whether the bundle is there and made of the sources as they are. Looks at files only.
 * @param {string} root
 */
export function fakeIsFresh(root) {
  const { file, stamp } = outputs(root);
  return existsSync(file) && readStamp(stamp)?.inputs === hashInputs(root);
}

/** @param {string} root */
const outputs = (root) => ({
  file: join(root, 'dist', 'fake-codex-rs.mjs'),
  stamp: join(root, 'dist', 'fake-codex-rs.stamp.json'),
});

/**
 * What the fake must know of the contracts to play scripts: the pin's, and of every other engine of the window what differs from it.
 * @param {string} root
 */
function contractsOfScripts(root) {
  const pins = contractOfScripts(root, pinOf(root));
  const own = windowOf(root).map((version) => {
    const { methods, types } = contractOfScripts(root, version);
    const { results, requests, notifications } = pins.methods;
    return [
      version,
      {
        methods: {
          results: changed(methods.results, results),
          requests: changed(methods.requests, requests),
          notifications: changed(methods.notifications, notifications),
        },
        types: changed(types, pins.types),
      },
    ];
  });
  return { pins, own: Object.fromEntries(own) };
}

/**
 * The types of all that an engine of the window says, each as a text of its own. What several have is that of `version`.
 * @param {string} root
 * @param {string} version
 */
function contractOfScripts(root, version) {
  const order = [...windowOf(root).filter((other) => other !== version), version];
  const all = (/** @type {string} */ name) =>
    order.map((one) => JSON.parse(readFileSync(join(root, contractFolder(one), name), 'utf8')));
  const methodsOf = (/** @type {string} */ kind) => Object.assign({}, ...all('methods.json').map((one) => one[kind]));
  const clientRequests = methodsOf('clientRequests');
  const serverRequests = methodsOf('serverRequests');
  const serverNotifications = methodsOf('serverNotifications');
  const definitions = Object.assign({}, ...all('schema.json').map((one) => one.definitions));
  /** @param {Record<string, Record<string, string | null>>} entries @param {string} key */
  const column = (entries, key) =>
    Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry[key]]));
  const methods = {
    results: column(clientRequests, 'result'),
    requests: column(serverRequests, 'params'),
    notifications: column(serverNotifications, 'params'),
  };
  /** @type {Record<string, string>} */
  const types = {};
  const names = ['JSONRPCErrorError', ...Object.values(methods).flatMap((column) => Object.values(column))];
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === null || name in types) continue;
    const text = JSON.stringify(definitions[name]);
    types[name] = text;
    for (const [, inner] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) names.push(inner ?? null);
  }
  return { methods, types };
}

/**
 * The contracts by version, as a base64 text of their compressed JSON (fake-codex-rs/cli/schema/play-schema.ts). Of those that are not the pin's, `definitions`
 * are those that differ from the pin's; one that is missing is null.
 * @param {string} root
 */
function wholeContracts(root) {
  const read = (/** @type {string} */ version) => {
    const file = (/** @type {string} */ name) =>
      JSON.parse(readFileSync(join(root, contractFolder(version), name), 'utf8'));
    return { methods: file('methods.json'), definitions: file('schema.json').definitions };
  };
  const pins = read(pinOf(root));
  const nulls = Object.fromEntries(Object.keys(pins.definitions).map((name) => [name, null]));
  const own = windowOf(root).map((version) => {
    const { methods, definitions } = read(version);
    return [version, { methods, definitions: changed({ ...nulls, ...definitions }, pins.definitions) }];
  });
  return gzipSync(JSON.stringify({ pins, own: Object.fromEntries(own) }), { level: 9 }).toString('base64');
}

/**
 * The entries that `before` lacks or has otherwise.
 * @template T
 * @param {Record<string, T>} after
 * @param {Record<string, T>} before
 * @returns {Record<string, T>}
 */
const changed = (after, before) =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(value, before[name])));

/** @param {string} root @returns {string} */
const pinOf = (root) => readLock(root).pin;

/**
 * The versions whose contracts are committed, the pin last.
 * @param {string} root
 * @returns {string[]}
 */
function windowOf(root) {
  const { pin, engines } = readLock(root);
  const isCommitted = (/** @type {string} */ version) => existsSync(join(root, contractFolder(version)));
  return [...Object.keys(engines).filter((version) => version !== pin && isCommitted(version)), pin];
}

/** @param {string} root */
const readLock = (root) => JSON.parse(readFileSync(join(root, 'native', 'engine.lock.json'), 'utf8'));

/** @param {string} version */
const contractFolder = (version) => join('fixtures', 'contract', version);

/** @param {string} root */
function hashInputs(root) {
  const sources = readdirSync(join(root, 'fake-codex-rs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('test-fixtures'))
    .map((name) => join('fake-codex-rs', name));
  const contract = windowOf(root).flatMap((version) =>
    ['methods.json', 'schema.json'].map((name) => join(contractFolder(version), name)),
  );
  const files = [
    ...sources,
    ...contract,
    join('native', 'engine.lock.json'),
    join('scripts', 'build-fake.mjs'),
    'package.json',
  ];
  const hash = createHash('sha256');
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { built } = await buildFake(dirname(dirname(fileURLToPath(import.meta.url))));
  if (built) process.stderr.write('Built dist/fake-codex-rs.mjs\n');
}
