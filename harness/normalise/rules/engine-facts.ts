import { isObject, type JsonValue } from '../../../testing/json/json.ts';
import type { LineRule, ValueRule } from '../types.ts';

const fingerprint = /^sha256:[0-9a-f]{64}$/;

/** The engine identifies the state of a configuration file by a digest of its text, which contains the model's port. */
export const configVersion: ValueRule = {
  name: 'config-version',
  loosens: true,
  reason: 'the digest of a configuration that carries a loopback port',
  volatile: 'echo',
  apply: (value, { key }) =>
    (key === 'version' || key === 'expectedVersion') && typeof value === 'string' && fingerprint.test(value)
      ? '<config-version>'
      : undefined,
};

/** In the paths of an installed engine, and in what is said of it. */
export const engineTarget: ValueRule = {
  name: 'engine-target',
  loosens: true,
  reason: 'each platform has an engine of its own, by the name of its target and of its package',
  apply(value) {
    if (typeof value !== 'string') return undefined;
    const out = value
      .replace(/\b(x86_64|aarch64)-(unknown-linux-musl|apple-darwin)\b/g, '<target>')
      .replace(/\bcodex-(linux|darwin)-(x64|arm64)\b/g, 'codex-<platform>');
    return out === value ? undefined : out;
  },
};

const memory = new Set(['residentMemoryBytes', 'physicalFootprintBytes']);

/** `server/diagnostics`: the engine's own process id and its memory. */
export const processFacts: ValueRule = {
  name: 'process-fact',
  loosens: true,
  reason: "the engine's process id is given out by the system, and its memory differs from run to run",
  volatile: 'echo',
  apply(value, { key, path }) {
    if (typeof value !== 'number' || key === undefined || !path.includes('process')) return undefined;
    if (memory.has(key)) return '<gauge>';
    return key === 'id' && path.at(-2) === 'process' ? '<gauge>' : undefined;
  },
};

export const exitOfKilled: ValueRule = {
  name: 'exit-of-killed',
  loosens: true,
  reason:
    'of a command that it has killed, the engine says the exit code 137 where it has heard of its end by then, and else -1 (1 whole run of seven)',
  // What a script sends is on purpose.
  apply: (value, { key }, { header: { engine } }) =>
    key === 'exitCode' && value === 137 && engine === 'real' ? -1 : undefined,
};

/** `fs/getMetadata`: 0 if the file system does not keep it. */
export const fileBirth: ValueRule = {
  name: 'file-birth',
  loosens: true,
  reason: 'whether the moment of a file’s creation is known is a fact of the machine’s file system',
  volatile: 'echo',
  apply: (value, { key }) =>
    key === 'createdAtMs' && (value === 0 || (typeof value === 'number' && value > 1e11)) ? '<millis>' : undefined,
};

const attempts = new Set<JsonValue | undefined>(['connecting', 'errored']);

/**
 * `remoteControl/status/changed` between on and off: one engine reported "connecting" again before "errored", another
 * had no time for either.
 */
export const remoteControlAttempts: LineRule = {
  name: 'remote-control-attempt',
  loosens: true,
  reason: 'how often remote control tries to connect before it is switched off is a matter of time',
  apply(line) {
    if (line.ch === 'event') return isAttempt(line.method, line.payload) ? null : undefined;
    if (line.ch !== 'wire.in' || !isObject(line.msg)) return undefined;
    return isAttempt(line.msg.method, line.msg.params) ? null : undefined;
  },
};

const isAttempt = (method: JsonValue | undefined, params: JsonValue | undefined): boolean =>
  method === 'remoteControl/status/changed' && isObject(params) && attempts.has(params.status);
