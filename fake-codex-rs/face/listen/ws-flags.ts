import { FakeError } from '../../fake-error.ts';

const flags = new Set([
  '--ws-auth',
  '--ws-token-file',
  '--ws-token-sha256',
  '--ws-shared-secret-file',
  '--ws-issuer',
  '--ws-audience',
  '--ws-max-clock-skew-seconds',
]);

/** Whether it is one of the flags by which a listener is told what to ask of its clients. Each has a value. */
export const isWsFlag = (flag: string): boolean => flags.has(flag);

/**
 * The value of such a flag.
 * @throws FakeError (exit 2) in the engine's words for a way of authentication that it does not have.
 */
export function wsFlagValue(flag: string, value: string): string {
  if (flag !== '--ws-auth' || value === 'capability-token' || value === 'signed-bearer-token') return value;
  throw new FakeError(
    `error: invalid value '${value}' for '--ws-auth <MODE>'\n  [possible values: capability-token, signed-bearer-token]\n\nFor more information, try '--help'.`,
    { asEngine: true },
  );
}
