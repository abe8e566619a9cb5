import { FakeError, unexpected } from '../../fake-error.ts';
import type { Refusal } from '../../wire/websocket/handshake.ts';

const flags = new Set([
  '--ws-auth',
  '--ws-token-file',
  '--ws-token-sha256',
  '--ws-shared-secret-file',
  '--ws-issuer',
  '--ws-audience',
  '--ws-max-clock-skew-seconds',
]);

/** Whether this flag tells a listener how to authenticate its clients. Each such flag has a value. */
export const isWsFlag = (flag: string): boolean => flags.has(flag);

/**
 * The value of such a flag.
 * @throws FakeError (exit 2) in the engine's words for an authentication method that it does not have
 */
export function wsFlagValue(flag: string, value: string): string {
  if (flag !== '--ws-auth' || value === 'capability-token' || value === 'signed-bearer-token') return value;
  throw new FakeError(
    `error: invalid value '${value}' for '--ws-auth <MODE>'\n  [possible values: capability-token, signed-bearer-token]\n\nFor more information, try '--help'.`,
    { asEngine: true },
  );
}

/** Returns why a client with this `Authorization` header is refused; undefined if it is accepted. */
export type WsAuth = (authorization: string | undefined) => Refusal | undefined;

/**
 * How a listener authenticates its clients, from the engine's `--ws-…` flags. Without flags it accepts everyone.
 * @throws FakeError (exit 1) in the engine's words if the flags do not fit together or a file cannot be read; (exit 2)
 * for signed tokens, which the fake does not check: it would accept clients that the engine refuses
 */
export async function wsAuth(flags: ReadonlyMap<string, string>): Promise<WsAuth | undefined> {
  const mode = flags.get('--ws-auth');
  if (mode === undefined) {
    if (flags.size === 0) return undefined;
    throw refused('websocket auth flags require `--ws-auth capability-token` or `--ws-auth signed-bearer-token`');
  }
  if (mode !== 'capability-token') {
    throw unexpected('listening', '`--ws-auth capability-token`', `${mode}, which the fake cannot check`);
  }
  const { createHash } = await import('node:crypto');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const expected = await digest(flags.get('--ws-token-file'), flags.get('--ws-token-sha256'), sha256);
  return (authorization) => {
    if (authorization === undefined) return { status: 401, body: 'missing websocket bearer token' };
    const token = /^bearer +(.+)$/i.exec(authorization)?.[1];
    if (token === undefined) return { status: 401, body: 'invalid authorization header' };
    return sha256(token.trim()) === expected ? undefined : { status: 401, body: 'invalid websocket bearer token' };
  };
}

async function digest(
  file: string | undefined,
  hex: string | undefined,
  sha256: (text: string) => string,
): Promise<string> {
  if (file !== undefined && hex !== undefined) {
    throw refused('`--ws-token-file` and `--ws-token-sha256` are mutually exclusive');
  }
  if (hex !== undefined) {
    if (/^[\da-f]{64}$/i.test(hex)) return hex.toLowerCase();
    throw refused('--ws-token-sha256 must be a 64-character hex SHA-256 digest');
  }
  if (file === undefined) {
    throw refused('`--ws-token-file` or `--ws-token-sha256` is required when `--ws-auth capability-token` is set');
  }
  const { readFile } = await import('node:fs/promises');
  try {
    return sha256((await readFile(file, 'utf8')).trim());
  } catch (cause) {
    throw refused(`failed to read websocket auth secret ${file}: ${(cause as Error).message}`, cause);
  }
}

const refused = (text: string, cause?: unknown): FakeError =>
  new FakeError(`Error: ${text}`, { exitCode: 1, asEngine: true, ...(cause !== undefined && { cause }) });
