import { readFileSync } from 'node:fs';
import { isObject, type JsonValue, readJson, shown } from '../exact-json.ts';
import { unexpected } from '../fake-error.ts';

/** Set by the bundler from `native/engine.lock.json`; absent if the source runs unbundled. */
declare const BUNDLED_ENGINE_VERSION: string | undefined;

/** The engine version that the fake reports if its options name none. */
export const bundledEngineVersion: string =
  typeof BUNDLED_ENGINE_VERSION === 'string' ? BUNDLED_ENGINE_VERSION : '0.0.0';

/** The fake's options, besides the engine's own arguments. All but `golden` may be absent. */
export interface ReplayOptions {
  /** The golden to play. Needed for `app-server`, not for `--version`. */
  golden?: string;
  /** The steps of a script (docs/script-format.md), played instead of a golden. */
  script?: JsonValue[];
  /** The wire log to append to. Without one nothing is logged. */
  log?: string;
  /**
   * Base address of the cell's control server. Without one, latches count as released and nobody is told about model
   * requests.
   */
  control?: string;
  /**
   * Fills `<home>`, `<codexHome>`, `<tmp>`, `<root>`, `<launcher>`; and `<workspace>` of `exec`.
   */
  paths: Record<string, string>;
  /** The `<workspace>` of a server. Default: the folder it was started in. */
  workspace?: string;
  /** Fills `<engine.version>`, and is printed by `--version`. */
  engineVersion: string;
  /** Environment variables to log. */
  envKeys: string[];
  /** Ids are made from it: processes of one cell with the same seed make the same ids. */
  seed: string;
  /** Fills dates and times in texts, in milliseconds since 1970. */
  moment: number;
}

/**
 * Takes `--replay-options FILE` off the front of the arguments and reads the file.
 * @returns the options, and the engine's own arguments
 * @throws FakeError if the file does not exist or is invalid
 */
export function takeOptions(argv: readonly string[]): { options: ReplayOptions; engineArgv: string[] } {
  if (argv[0] !== '--replay-options') return { options: asOptions({}), engineArgv: [...argv] };
  const file = argv[1];
  if (file === undefined) throw unexpected('reading the command line', 'a file behind --replay-options', 'nothing');
  let value: JsonValue;
  try {
    value = readJson(readFileSync(file, 'utf8')) as JsonValue;
  } catch (cause) {
    throw unexpected(`reading the options ${file}`, 'a JSON file', (cause as Error).message, { cause });
  }
  if (!isObject(value)) throw unexpected(`reading the options ${file}`, 'a JSON object', shown(value));
  for (const [key, [what, isRight]] of Object.entries(kinds)) {
    if (value[key] === undefined || isRight(value[key])) continue;
    throw unexpected(`reading the options ${file}`, what, `${key}: ${shown(value[key])}`, {
      advice: 'See docs/golden-format.md',
    });
  }
  return { options: asOptions(value as Partial<ReplayOptions>), engineArgv: argv.slice(2) };
}

const isText = (value: JsonValue) => typeof value === 'string';

const text = ['a text', isText] as const;

const kinds: Record<keyof ReplayOptions, readonly [expected: string, isRight: (value: JsonValue) => boolean]> = {
  golden: text,
  script: ['a list of steps', (value) => Array.isArray(value)],
  log: text,
  control: text,
  paths: ['an object of texts', (value) => isObject(value) && Object.values(value).every(isText)],
  workspace: text,
  engineVersion: text,
  envKeys: ['a list of texts', (value) => Array.isArray(value) && value.every(isText)],
  seed: text,
  moment: ['a number', (value) => typeof value === 'number'],
};

function asOptions(given: Partial<ReplayOptions>): ReplayOptions {
  return {
    paths: {},
    engineVersion: bundledEngineVersion,
    envKeys: [],
    seed: `${process.pid}.${Date.now()}`,
    moment: Date.now(),
    ...given,
  };
}
