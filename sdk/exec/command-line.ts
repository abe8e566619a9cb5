import { expectedGot } from '../../native/expected-got.mjs';
import {
  bareWord,
  configWords,
  filledWord,
  flagOf,
  listedPath,
  listOf,
  optionWords,
  textWord,
} from '../transport/argv.ts';
import { type Input, splitInput } from './input.ts';
import type { CodexConfigObject, CodexOptions, ThreadOptions, TurnOptions } from './options.ts';
import { remoteTokenVariable } from './remote.ts';

/** Everything that determines how the engine is started, except the file with the output schema. */
export interface ExecRequest {
  options: CodexOptions;
  thread: ThreadOptions;
  turn: TurnOptions;
  /** The thread to resume; null if the run creates one. */
  threadId: string | null;
  input: Input;
}

/** A command line that the engine reads as intended. */
export interface CommandLine {
  /** @param schemaFile path of the file with the output schema; undefined if there is none */
  args(schemaFile: string | undefined): string[];
  /** For the engine's stdin. */
  prompt: string;
}

/**
 * The engine's arguments. If a key has two `--config`, the engine uses the later one, so the client's settings come
 * first, then the thread's. `resume` comes before `--image`, which takes every word after it.
 * @throws TypeError for a value that the engine would read differently; see `argv.ts`
 */
export function commandLine({ options, thread, turn, threadId, input }: ExecRequest): CommandLine {
  const { prompt, images } = splitInput(input);
  const before = [
    'exec',
    '--experimental-json',
    ...settings('config', options.config ?? {}),
    ...listOf('configOverrides', options.configOverrides ?? []).flatMap((one, at) =>
      configWords(`configOverrides[${at}]`, one),
    ),
    ...(options.baseUrl ? settings('baseUrl', { openai_base_url: textWord('baseUrl', options.baseUrl) }) : []),
    ...(options.remote ? optionWords('--remote', textWord('remote', options.remote)) : []),
    ...(options.remote && options.remoteToken !== undefined ? ['--remote-auth-token-env', remoteTokenVariable] : []),
    ...(thread.model ? optionWords('--model', textWord('model', thread.model)) : []),
    ...(threadId !== null || thread.threadSource == null
      ? []
      : optionWords('--thread-source', textWord('threadSource', thread.threadSource))),
    ...(thread.sandboxMode ? optionWords('--sandbox', textWord('sandboxMode', thread.sandboxMode)) : []),
    ...(thread.workingDirectory ? optionWords('--cd', textWord('workingDirectory', thread.workingDirectory)) : []),
    ...listOf('additionalDirectories', thread.additionalDirectories ?? []).flatMap((folder, at) =>
      optionWords('--add-dir', filledWord(`additionalDirectories[${at}]`, folder)),
    ),
    ...(flagOf('skipGitRepoCheck', thread.skipGitRepoCheck ?? false) ? ['--skip-git-repo-check'] : []),
  ];
  const after = [
    ...(turn.cyberAccessProgram == null
      ? []
      : optionWords('--cyber-access-program', textWord('cyberAccessProgram', turn.cyberAccessProgram))),
    ...settings('thread options', threadSettings(thread)),
    ...(threadId === null ? [] : ['resume', bareWord('the id of resumeThread()', threadId)]),
    ...images.flatMap((image, at) => optionWords('--image', listedPath(`image ${at + 1}`, image))),
    // The engine accepts images as the only input but refuses an empty stdin; an argument may be empty.
    ...(prompt.trim() === '' && images.length > 0 ? ['--', ''] : []),
  ];
  return {
    prompt,
    args: (schemaFile) => [
      ...before,
      ...(schemaFile === undefined
        ? []
        : optionWords('--output-schema', filledWord('the temporary folder', schemaFile))),
      ...after,
    ],
  };
}

const settings = (what: string, config: NonNullable<CodexOptions['config']>) =>
  configOverrides(config).flatMap((one) => configWords(what, one));

/** In the order of the official client. Settings that are not given are omitted. */
function threadSettings(thread: ThreadOptions): NonNullable<CodexOptions['config']> {
  const { modelReasoningEffort, networkAccessEnabled, approvalPolicy } = thread;
  const webSearch = webSearchOf(thread);
  return {
    ...(modelReasoningEffort && { model_reasoning_effort: textWord('modelReasoningEffort', modelReasoningEffort) }),
    ...(networkAccessEnabled != null && {
      'sandbox_workspace_write.network_access': flagOf('networkAccessEnabled', networkAccessEnabled),
    }),
    ...(webSearch !== undefined && { web_search: webSearch }),
    ...(approvalPolicy && { approval_policy: textWord('approvalPolicy', approvalPolicy) }),
  };
}

function webSearchOf({ webSearchMode, webSearchEnabled }: ThreadOptions): string | undefined {
  if (webSearchMode) return textWord('webSearchMode', webSearchMode);
  if (webSearchEnabled == null) return undefined;
  return flagOf('webSearchEnabled', webSearchEnabled) ? 'live' : 'disabled';
}

const bareKey = /^[A-Za-z0-9_-]+$/;

/**
 * Settings as `dotted.path=TOML`, one for each leaf. Keys of nested objects become part of the path unchanged; for a
 * key that contains a dot, use `configOverrides`. Undefined is omitted. An empty object is `path={}`, at the root
 * nothing.
 * @throws TypeError, with the path, for what TOML cannot express (null, a number that is not finite, an integer beyond
 * 64 bits, a function, a cycle), and for a key that the engine would read as another one: an empty one, one with "=",
 * one with a space at either end
 */
export function configOverrides(config: CodexConfigObject): string[] {
  if (!isObject(config)) throw new TypeError('Codex config overrides must be a plain object');
  return [...leaves(config, '')];
}

function* leaves(object: object, prefix: string, around: readonly object[] = []): Generator<string> {
  const inside = within(object, prefix, around);
  if (prefix !== '' && Object.keys(object).length === 0) yield `${prefix}={}`;
  for (const [key, value] of knownEntries(object)) {
    const path = prefix === '' ? dottedKey(key) : `${prefix}.${dottedKey(key)}`;
    if (isObject(value)) yield* leaves(value, path, inside);
    else yield `${path}=${toToml(value, path, inside)}`;
  }
}

/**
 * The engine splits a setting at the first "=" and trims the key: `sandbox_mode="danger-full-access"#` as a key would
 * set another one.
 */
function dottedKey(key: string): string {
  if (!key.includes('=') && key.trim() === key) return textWord(`config key ${JSON.stringify(key.slice(0, 80))}`, key);
  const expected = 'a key without "=" and without space at its ends';
  throw new TypeError(
    expectedGot('writing config as settings of the engine', expected, JSON.stringify(key.slice(0, 80))),
  );
}

/** A value in TOML; `path` is for the error. */
export function toToml(value: unknown, path: string, around: readonly object[] = []): string {
  if (typeof value === 'string') return tomlString(value, path);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return tomlNumber(value, path);
  if (Array.isArray(value)) {
    const inside = within(value, path, around);
    return `[${Array.from(value, (entry, index) => toToml(entry, `${path}[${index}]`, inside)).join(', ')}]`;
  }
  if (isObject(value)) {
    const inside = within(value, path, around);
    const parts = knownEntries(value).map(([key, entry]) => {
      const name = bareKey.test(key) ? key : tomlString(key, path);
      return `${name} = ${toToml(entry, `${path}.${key}`, inside)}`;
    });
    return `{${parts.join(', ')}}`;
  }
  if (value === null) throw new TypeError(`Codex config override at ${path} cannot be null`);
  throw new TypeError(`Unsupported Codex config override value at ${path}: ${typeof value}`);
}

/**
 * A JSON string is a TOML string, except for this character, which TOML requires to be escaped. The engine takes
 * invalid TOML literally, including its quotes.
 */
function tomlString(value: string, path: string): string {
  if (/\p{Surrogate}/u.test(value)) {
    throw new TypeError(expectedGot(`writing config at ${path}`, 'well-formed Unicode', 'half of a surrogate pair'));
  }
  return JSON.stringify(value).replaceAll('\u007f', '\\u007F');
}

function tomlNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw new TypeError(`Codex config override at ${path} must be a finite number`);
  // From 1e21 on it is written with an exponent, which makes it a float.
  if (Number.isInteger(value) && Math.abs(value) >= 2 ** 63 && Math.abs(value) < 1e21) {
    throw new TypeError(expectedGot(`writing config at ${path}`, 'an integer of 64 bits', String(value)));
  }
  return String(value);
}

/**
 * The enclosing values, with this one. @throws TypeError for a value inside itself, and for an instance of a class,
 * which has no entries to write
 */
function within(value: object, path: string, around: readonly object[]): readonly object[] {
  const place = `writing config${path === '' ? '' : ` at ${path}`}`;
  if (around.includes(value)) throw new TypeError(expectedGot(place, 'a value that ends', 'one that holds itself'));
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new TypeError(expectedGot(place, 'a plain object', `an object of class ${value.constructor?.name}`));
  }
  return [...around, value];
}

function knownEntries(object: object): [string, unknown][] {
  const entries = Object.entries(object);
  if (entries.some(([key]) => key === '')) throw new TypeError('Codex config override keys must be non-empty strings');
  return entries.filter(([, value]) => value !== undefined);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
