// @ts-check
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { expectedGot } from './expected-got.mjs';
import { runChild } from './run-child.mjs';

/** The file that holds all of an engine's schema. */
const bundle = 'codex_app_server_protocol.schemas.json';
const prose = ['title', 'description', '$schema'];

/** The unions of all messages, and their names in a contract. */
const unions = {
  clientRequests: 'ClientRequest',
  clientNotifications: 'ClientNotification',
  serverRequests: 'ServerRequest',
  serverNotifications: 'ServerNotification',
};

/**
 * What two engines must have in common to speak one protocol.
 * @typedef {object} Protocol
 * @property {Record<string, unknown>} definitions every type by its name, as JSON Schema
 * @property {Record<keyof typeof unions, { all: readonly string[], stable: readonly string[] }>} methods
 */

/**
 * One value for a protocol: equal where the protocols are, whatever their prose and order.
 * @param {Protocol} protocol
 * @returns {string} SHA-256, hex
 */
export function contractDigest({ definitions, methods }) {
  const sorted = Object.keys(unions).map((kind) => {
    const { all, stable } = methods[/** @type {keyof typeof unions} */ (kind)];
    return [kind, [...all].sort(), [...stable].sort()];
  });
  return createHash('sha256')
    .update(JSON.stringify([canonical(definitions, true), sorted]))
    .digest('hex');
}

/**
 * Keys in order, without prose, the types in one namespace. A property may be called `title`: in a map of names, no key is a keyword.
 * @param {unknown} value
 * @param {boolean} isMap
 * @returns {unknown}
 */
function canonical(value, isMap) {
  if (Array.isArray(value)) return value.map((one) => canonical(one, false));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => isMap || !prose.includes(key))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, one]) => {
      if (!isMap && key === 'required' && Array.isArray(one)) return [key, [...one].sort()];
      if (!isMap && key === '$ref' && typeof one === 'string') return [key, one.slice(one.lastIndexOf('/') + 1)];
      return [key, canonical(one, !isMap && key === 'properties')];
    });
  return Object.fromEntries(entries);
}

/**
 * The protocol in an engine's own schemas, which keep two namespaces.
 * @param {any} experimental
 * @param {any} stable
 * @returns {Protocol}
 */
function protocolOf(experimental, stable) {
  const flat = (/** @type {any} */ schema) => {
    const { v2, ...root } = schema.definitions;
    return { ...root, ...v2 };
  };
  const [all, some] = [flat(experimental), flat(stable)];
  const names = (/** @type {any} */ types, /** @type {string} */ union) =>
    (types[union]?.oneOf ?? []).map((/** @type {any} */ one) => one.properties.method.enum[0]);
  const methods = Object.fromEntries(
    Object.entries(unions).map(([kind, union]) => [kind, { all: names(all, union), stable: names(some, union) }]),
  );
  const definitions = Object.fromEntries(Object.entries(all).filter(([name]) => !Object.values(unions).includes(name)));
  return { definitions, methods: /** @type {Protocol['methods']} */ (methods) };
}

/**
 * The digest of the protocol that an engine says it speaks. It is started in a home of its own.
 * @param {string} path the engine
 * @param {{ args?: readonly string[], signal?: AbortSignal }} [options] args: before the engine's own
 * @returns {Promise<string>} SHA-256, hex
 * @throws {EngineError} `contract`: it writes none
 */
export async function readContractDigest(path, { args = [], signal } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'twinproof-contract-'));
  const env = { ...process.env, HOME: home, CODEX_HOME: home };
  /** @param {string} name @param {string[]} flags */
  const read = async (name, flags) => {
    const out = join(home, name);
    const words = [...args, 'app-server', 'generate-json-schema', '--out', out, ...flags];
    const done = await runChild(path, words, { cwd: home, env, ...(signal && { signal }) });
    try {
      return JSON.parse(readFileSync(join(out, bundle), 'utf8'));
    } catch (cause) {
      const got = done.code === 0 ? 'none' : `${done.signal ?? `exit code ${done.code}`}: ${done.tail}`;
      const doing = `asking ${path} for its schema`;
      throw new EngineError('contract', expectedGot(doing, `the file ${bundle}`, got), { cause });
    }
  };
  try {
    return contractDigest(protocolOf(await read('experimental', ['--experimental']), await read('stable', [])));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
