import { readFileSync } from 'node:fs';
import { unexpected } from '../fake-error.ts';
import { isObject, type JsonValue, shown } from '../json.ts';

/** Set by the bundler from `native/engine.lock.json`; absent where the source runs unbundled. */
declare const BUNDLED_ENGINE_VERSION: string | undefined;

/** The engine version that the fake claims where its options name none. */
export const bundledEngineVersion: string =
  typeof BUNDLED_ENGINE_VERSION === 'string' ? BUNDLED_ENGINE_VERSION : '0.0.0';

/** What the fake is told beside the engine's own arguments. All but `golden` may be absent. */
export interface ReplayOptions {
  /** The golden to be played. Needed for `app-server`, not for `--version`. */
  golden?: string;
  /** The steps of a script (docs/script-format.md), played in place of a golden. */
  script?: JsonValue[];
  /** The wire log to append to. Without one nothing is logged. */
  log?: string;
  /** Base address of the cell's control server. Without one, latches count as released and model requests are told to nobody. */
  control?: string;
  /** Fills `<home>`, `<codexHome>`, `<tmp>`, `<root>`, `<launcher>`; and `<workspace>` of `exec`, where a server's is the folder it was started in. */
  paths: Record<string, string>;
  /** Fills `<engine.version>`, and is what `--version` says. */
  engineVersion: string;
  /** Environment variables that are logged. */
  envKeys: string[];
  /** Ids are made from it: the processes of one cell, given the same seed, make the same ids. */
  seed: string;
  /** Fills dates and moments in texts, in milliseconds since 1970. */
  moment: number;
}

/**
 * Takes `--replay-options FILE` off the front of the arguments and reads the file.
 * @returns the options, and the engine's own arguments.
 * @throws FakeError when the file is not there or not as it should be.
 */
export function takeOptions(argv: readonly string[]): { options: ReplayOptions; engineArgv: string[] } {
  if (argv[0] !== '--replay-options') return { options: asOptions({}), engineArgv: [...argv] };
  const file = argv[1];
  if (file === undefined) throw unexpected('reading the command line', 'a file behind --replay-options', 'nothing');
  let value: JsonValue;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
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
