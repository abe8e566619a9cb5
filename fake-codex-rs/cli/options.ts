import { readFileSync } from 'node:fs';
import { FakeError } from '../fake-error.ts';
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
  if (file === undefined) throw new FakeError('fake-codex-rs: --replay-options has no file behind it');
  let value: JsonValue;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new FakeError(`fake-codex-rs: cannot read the options ${file}: ${(cause as Error).message}`, { cause });
  }
  if (!isObject(value)) throw new FakeError(`fake-codex-rs: the options ${file} are no JSON object`);
  for (const [key, isRight] of Object.entries(kinds)) {
    if (value[key] === undefined || isRight(value[key])) continue;
    throw new FakeError(
      `fake-codex-rs: ${key} in the options ${file} is ${shown(value[key])}; see docs/golden-format.md`,
    );
  }
  return { options: asOptions(value as Partial<ReplayOptions>), engineArgv: argv.slice(2) };
}

const isText = (value: JsonValue) => typeof value === 'string';

const kinds: Record<keyof ReplayOptions, (value: JsonValue) => boolean> = {
  golden: isText,
  script: (value) => Array.isArray(value),
  log: isText,
  control: isText,
  paths: (value) => isObject(value) && Object.values(value).every(isText),
  engineVersion: isText,
  envKeys: (value) => Array.isArray(value) && value.every(isText),
  seed: isText,
  moment: (value) => typeof value === 'number',
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
