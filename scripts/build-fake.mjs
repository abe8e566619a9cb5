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
  const { pin: version } = JSON.parse(readFileSync(join(root, 'native', 'engine.lock.json'), 'utf8'));
  const result = await build({
    entryPoints: [join(root, 'fake-codex-rs', 'main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    banner: { js: '#!/usr/bin/env node' },
    define: {
      BUNDLED_ENGINE_VERSION: JSON.stringify(version),
      // Twice: the bundle holds it as one text, which costs nothing until a script has it parsed.
      BUNDLED_CONTRACT: JSON.stringify(JSON.stringify(contractOfWindow(root))),
      // All of it, for generate-json-schema alone: compressed, since every start reads the bundle.
      BUNDLED_SCHEMA: JSON.stringify(wholeContract(root, version)),
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
 * What the fake must know of the contracts: the types of all that an engine of the window says, each as a text of its own. What several have is the pin's.
 * @param {string} root
 */
function contractOfWindow(root) {
  const all = (/** @type {string} */ name) =>
    contractsOfWindow(root).map((folder) => JSON.parse(readFileSync(join(root, folder, name), 'utf8')));
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
 * The contract as a base64 text of its compressed JSON (fake-codex-rs/cli/schema/play-schema.ts).
 * @param {string} root
 * @param {string} version
 */
function wholeContract(root, version) {
  const read = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(join(root, contractFolder(version), name), 'utf8'));
  const text = JSON.stringify({ methods: read('methods.json'), definitions: read('schema.json').definitions });
  return gzipSync(text, { level: 9 }).toString('base64');
}

/**
 * The folders of the window's contracts that are committed, the pin's last.
 * @param {string} root
 */
function contractsOfWindow(root) {
  const { pin, engines } = JSON.parse(readFileSync(join(root, 'native', 'engine.lock.json'), 'utf8'));
  const others = Object.keys(engines).filter((version) => version !== pin);
  return [...others.map(contractFolder).filter((folder) => existsSync(join(root, folder))), contractFolder(pin)];
}

/** @param {string} version */
const contractFolder = (version) => join('fixtures', 'contract', version);

/** @param {string} root */
function hashInputs(root) {
  const sources = readdirSync(join(root, 'fake-codex-rs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('test-fixtures'))
    .map((name) => join('fake-codex-rs', name));
  const contract = contractsOfWindow(root).flatMap((folder) =>
    ['methods.json', 'schema.json'].map((name) => join(folder, name)),
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
