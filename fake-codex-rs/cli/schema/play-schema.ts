import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isObject, type JsonObject, type JsonValue } from '../../exact-json.ts';
import { FakeError, unexpected } from '../../fake-error.ts';
import type { Exit } from '../../replay/player.ts';
import { commonOptions, type Grammar, readArguments, usage } from '../read-arguments.ts';
import { type SideRun, sideAnswer } from '../side-run.ts';
import { schemaFiles, type WholeContract, without } from './schema-files.ts';

const grammar: Grammar = {
  usage: 'codex app-server generate-json-schema [OPTIONS] --out <DIR>',
  options: [...commonOptions, { long: '--out', short: '-o', value: 'DIR' }, { long: '--experimental' }],
  positionals: 0,
};

/**
 * Plays `app-server generate-json-schema`: writes the contract of the engine that the fake stands for, or what a script's
 * `schema` step has instead.
 * @throws FakeError if the engine refuses the run, in its words
 */
export async function playSchema(
  argv: readonly string[],
  { options: { script, engineVersion }, start, log, closing }: SideRun,
): Promise<Exit> {
  const { options } = readArguments(argv, grammar);
  const { out, experimental } = options;
  if (options.help === true) {
    await new Promise<void>((resolve) => process.stdout.write(`Usage: ${grammar.usage}\n`, () => resolve()));
    return { code: 0, signal: null };
  }
  if (typeof out !== 'string')
    throw usage('the following required arguments were not provided:\n  --out <DIR>', grammar);
  const { schema, without: less, says, code } = sideAnswer(script, (step) => step.schema !== undefined, start) ?? {};
  if (schema === 'hang') {
    const alive = setInterval(() => {}, 2 ** 30);
    await closing.begun;
    clearInterval(alive);
    return { code: null, signal: closing.reason?.signal ?? null };
  }
  if (schema !== 'none') {
    const whole = wholeContract(engineVersion);
    const contract = isObject(less) ? { ...whole, definitions: reduced(whole, less) } : whole;
    write(out, schemaFiles(contract, experimental === true), isObject(schema) ? schema.text : undefined);
  }
  if (typeof says === 'string') {
    log.write('stderr', { text: `${says}\n` });
    await new Promise<void>((resolve) => process.stderr.write(`${says}\n`, () => resolve()));
  }
  return { code: typeof code === 'number' ? code : 0, signal: null };
}

/** The types without the fields that a script removes. */
function reduced({ definitions }: WholeContract, less: JsonObject): Record<string, JsonObject> {
  const out = { ...definitions };
  for (const [name, fields] of Object.entries(less)) {
    const type = out[name];
    if (type === undefined || !Array.isArray(fields))
      throw unexpected('playing a schema step', 'a type of the contract and a list of its fields', name);
    const known = isObject(type.properties) ? type.properties : {};
    const unknown = fields.find((field) => !Object.hasOwn(known, String(field)));
    if (unknown !== undefined) throw unexpected('playing a schema step', `a field of ${name}`, String(unknown));
    out[name] = without(type, fields.map(String));
  }
  return out;
}

/** Writes each file next to its target, then renames it. */
function write(folder: string, files: ReadonlyMap<string, JsonObject>, text: JsonValue | undefined): void {
  try {
    for (const [name, value] of files) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.part`, typeof text === 'string' ? text : JSON.stringify(value, null, 2));
      renameSync(`${file}.part`, file);
    }
  } catch (cause) {
    const text = `Error: Failed to create ${folder}\n\nCaused by:\n    ${(cause as Error).message}`;
    throw new FakeError(text, { cause, exitCode: 1, asEngine: true });
  }
}

/** As the bundler has them: of each engine the methods, and the types that are not as the pin has them, null for one that it lacks. */
interface BundledSchemas {
  pins: WholeContract;
  own: Record<string, { methods: WholeContract['methods']; definitions: Record<string, JsonObject | null> }>;
}

/** Set by the bundler: the contracts, compressed, as base64; absent if the source runs unbundled. */
declare const BUNDLED_SCHEMAS: string | undefined;

/**
 * The complete contract of an engine of the window, and the pin's for a version that is none. What a script needs for its
 * templates is a small part of it (template/contract.ts).
 */
export function wholeContract(version: string): WholeContract {
  if (typeof BUNDLED_SCHEMAS === 'string') {
    const text = gunzipSync(Buffer.from(BUNDLED_SCHEMAS, 'base64')).toString('utf8');
    const { pins, own } = JSON.parse(text) as BundledSchemas;
    const { methods, definitions } = own[version] ?? { methods: pins.methods, definitions: {} };
    const all = Object.entries({ ...pins.definitions, ...definitions });
    const there = all.filter((entry): entry is [string, JsonObject] => entry[1] !== null);
    return { methods, definitions: Object.fromEntries(there.sort(([a], [b]) => (a < b ? -1 : 1))) };
  }
  const read = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));
  const { pin, engines } = read('native/engine.lock.json') as { pin: string; engines: object };
  const folder = `fixtures/contract/${Object.hasOwn(engines, version) ? version : pin}`;
  const { definitions } = read(`${folder}/schema.json`) as Pick<WholeContract, 'definitions'>;
  return { methods: read(`${folder}/methods.json`) as WholeContract['methods'], definitions };
}
