import type { ClientId, Family } from './types.ts';

/** The family of each client (README). */
export const clientFamilies: Readonly<Record<ClientId, Family>> = {
  python: 'app-server',
  'python-async': 'app-server',
  ts: 'app-server',
  bare: 'app-server',
  'python-exec': 'exec',
  'ts-official': 'exec',
  'ts-exec': 'exec',
};
