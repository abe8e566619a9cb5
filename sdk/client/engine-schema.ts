import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodexError } from '../errors/codex-error.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Launch } from '../transport/launch.ts';
import { runToEnd } from '../transport/run-to-end.ts';

/** How long the engine may take to write its schema, in milliseconds; as in Python. */
const probeTimeoutMs = 30_000;

const bundle = 'codex_app_server_protocol.schemas.json';

/**
 * What the running engine reports about its own protocol. A second engine process with the same settings writes its
 * schema. The answer is kept as long as the connection lasts; after a failure, the next question tries again.
 */
export class EngineSchema {
  readonly #launch: Launch | undefined;
  readonly #closed = new AbortController();
  readonly #fields = new Map<string, Promise<ReadonlySet<string>>>();
  #names: Promise<ReadonlySet<string>> | undefined;

  /** @param launch the command up to `app-server`; undefined if the client does not know what it talks to */
  constructor(launch: Launch | undefined) {
    this.#launch = launch;
  }

  /** Whether the engine can be asked at all. */
  get canAsk(): boolean {
    return this.#launch !== undefined;
  }

  /**
   * The experimental parameters of each type, as `Type.field`.
   * @throws Error if the engine cannot be asked
   */
  fields(types: readonly string[]): Promise<ReadonlySet<string>> {
    const key = types.join();
    const known = this.#fields.get(key);
    if (known) return known;
    const asked = this.#ask(true, async (folder) => {
      const all = new Set<string>();
      // One after the other, so that the error always names the first of several broken files.
      for (const type of types) {
        for (const field of fieldNames(type, await read(join(folder, 'v2', `${type}.json`)))) all.add(field);
      }
      return all;
    });
    this.#fields.set(key, asked);
    asked.catch(() => this.#fields.delete(key));
    return asked;
  }

  /**
   * Every name that you can ask for: methods of all kinds and `Type.field`.
   * @param experimental whether the connection has the experimental API
   * @throws Error if the engine cannot be asked
   */
  names(experimental: boolean): Promise<ReadonlySet<string>> {
    if (this.#names) return this.#names;
    const asked = this.#ask(experimental, async (folder) => schemaNames(await read(join(folder, bundle))));
    this.#names = asked;
    asked.catch(() => {
      this.#names = undefined;
    });
    return asked;
  }

  /** The connection is gone: a pending question fails. */
  fail(cause: Error): void {
    this.#closed.abort(cause);
  }

  async #ask<T>(experimental: boolean, look: (folder: string) => Promise<T>): Promise<T> {
    if (!this.#launch)
      throw new CodexError('the engine cannot be asked for its schema: it was started by a custom launch command');
    const folder = await mkdtemp(join(tmpdir(), 'codex-sdk-schema-'));
    try {
      const flags = experimental ? ['--experimental'] : [];
      const args = [...this.#launch.args, 'generate-json-schema', ...flags, '--out', folder];
      await runToEnd({ ...this.#launch, args }, probeTimeoutMs, this.#closed.signal);
      return await look(folder);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

async function read(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

function fieldNames(type: string, schema: unknown): string[] {
  const properties = isObject(schema) ? schema.properties : undefined;
  if (!isObject(properties)) throw new Error(`the schema of ${type} has no properties`);
  return Object.keys(properties).map((field) => `${type}.${field}`);
}

/** The methods and fields of a bundle. The current types are one level deeper, below `v2`. */
function schemaNames(schema: unknown): Set<string> {
  const definitions = isObject(schema) && isObject(schema.definitions) ? schema.definitions : undefined;
  if (!definitions) throw new Error('the schema has no definitions');
  const names = new Set<string>();
  const types = { ...definitions, ...(isObject(definitions.v2) ? definitions.v2 : {}) };
  for (const [type, definition] of Object.entries(types)) {
    for (const [field, value] of alternatives(definition).flatMap(propertiesOf)) {
      names.add(`${type}.${field}`);
      if (messages.has(type) && field === 'method' && isObject(value) && Array.isArray(value.enum))
        for (const method of value.enum) names.add(String(method));
    }
  }
  return names;
}

const messages: ReadonlySet<string> = new Set([
  'ClientRequest',
  'ClientNotification',
  'ServerRequest',
  'ServerNotification',
]);

function propertiesOf(definition: unknown): [string, unknown][] {
  return isObject(definition) && isObject(definition.properties) ? Object.entries(definition.properties) : [];
}

/** A type and, for a union, its variants. */
function alternatives(definition: unknown): unknown[] {
  const found = [definition];
  if (!isObject(definition)) return found;
  for (const key of ['oneOf', 'anyOf', 'allOf']) {
    const parts = definition[key];
    if (Array.isArray(parts)) found.push(...parts);
  }
  return found;
}
