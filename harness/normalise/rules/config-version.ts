import type { ValueRule } from '../types.ts';

const fingerprint = /^sha256:[0-9a-f]{64}$/;

/** The engine identifies the state of a configuration file by a digest of its text, which contains the model's port. */
export const configVersion: ValueRule = {
  name: 'config-version',
  reason: 'the digest of a configuration that carries a loopback port',
  volatile: 'echo',
  apply: (value, { key }) =>
    (key === 'version' || key === 'expectedVersion') && typeof value === 'string' && fingerprint.test(value)
      ? '<config-version>'
      : undefined,
};
