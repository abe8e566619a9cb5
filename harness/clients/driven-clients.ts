import type { ClientId } from './types.ts';

/** Every client: a driver exists for each. Apart from how they are started: a page in a browser names them too. */
export const drivenClients = [
  'python',
  'python-async',
  'ts',
  'bare',
  'ts-official',
  'python-exec',
  'ts-exec',
] as const satisfies readonly ClientId[];
