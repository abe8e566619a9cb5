import type { ValueRule } from '../types.ts';

/** `fs/getMetadata`: 0 if the file system does not keep it. */
export const fileBirth: ValueRule = {
  name: 'file-birth',
  reason: 'whether the moment of a file’s creation is known is a fact of the machine’s file system',
  volatile: 'echo',
  apply: (value, { key }) =>
    key === 'createdAtMs' && (value === 0 || (typeof value === 'number' && value > 1e11)) ? '<millis>' : undefined,
};
