import { expect, it } from 'vitest';
import { type CellsEnvironment, cellsFolder } from './cells-folder.ts';

const around = (over: Partial<CellsEnvironment> = {}): CellsEnvironment => ({
  env: { XDG_CACHE_HOME: '/home/u/.cache' },
  home: '/home/u',
  temp: ['/tmp'],
  repository: '/src/twinproof',
  isRepository: () => false,
  foreignHand: () => undefined,
  ...over,
});

it.runIf(process.platform !== 'win32').each<[string, Partial<CellsEnvironment>, string]>([
  ['the cache folder', {}, '/home/u/.cache'],
  ['/var/tmp for a home in the temp folder', { env: { XDG_CACHE_HOME: '/tmp/x/.cache' } }, '/var/tmp'],
  ['/var/tmp for a home that is a repository', { isRepository: (folder) => folder === '/home/u' }, '/var/tmp'],
  [
    '/var/tmp for a home that another user could swap',
    { foreignHand: (folder) => (folder.startsWith('/home') ? 'x' : undefined) },
    '/var/tmp',
  ],
  ['its own output where nothing else does', { isRepository: () => true }, '/src/twinproof/out'],
  ['the place that the user names', { env: { TWINPROOF_CELLS: '/elsewhere' } }, '/elsewhere'],
])('takes %s', (_, over, wanted) => expect(cellsFolder(around(over))).toBe(wanted));
