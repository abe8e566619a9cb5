import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { type CellsEnvironment, cellsFolder, type FolderState, foreignHand } from './cells-folder.ts';

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

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'foreign-hand-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = path.join(root, 'a', 'b');
mkdirSync(folder, { recursive: true });
symlinkSync(folder, path.join(root, 'link'));

const own = process.geteuid?.() ?? 0;
const group = process.getegid?.() ?? 0;
const stranger = own + 4242;
const safe: FolderState = { uid: own, gid: group, mode: 0o40755 };

describe.skipIf(process.platform === 'win32')('who could swap a folder', () => {
  /** As if one folder above were as given, and every other one safe. */
  const judge = (
    state: Partial<FolderState>,
    { at = path.join(root, 'a'), of = folder, owners = [] as number[] } = {},
  ) => foreignHand(of, owners, (one) => (one === at ? { ...safe, ...state } : safe));

  test.each<[string, Partial<FolderState>, string | undefined]>([
    ['nobody where all is ours', {}, undefined],
    ['nobody where it is root’s', { uid: 0 }, undefined],
    ['a stranger who owns it', { uid: stranger }, `belongs to user ${stranger}`],
    ['a stranger who owns it, though it is sticky', { uid: stranger, mode: 0o41777 }, `belongs to user ${stranger}`],
    ['everybody who may write', { mode: 0o40777 }, 'in which others may write'],
    ['nobody in a sticky folder', { mode: 0o41777 }, undefined],
    ['a group that is not ours', { mode: 0o40775, gid: group + 1 }, 'in which others may write'],
    ['nobody in the group that is ours alone', { mode: 0o40775 }, undefined],
  ])('%s', (_, state, told) => {
    const places = [folder, path.join(root, 'a'), root, '/'];
    for (const at of places) {
      if (told === undefined) expect(judge(state, { at }), at).toBeUndefined();
      else expect(judge(state, { at }), at).toBe(`${at}, ${told.replace(/^belongs/, 'which belongs')}`);
    }
  });

  test('links are followed first, and what is not there is judged by the folder above', () => {
    const at = path.join(root, 'a');
    expect(judge({ uid: stranger }, { at, of: path.join(root, 'link') })).toContain(at);
    expect(judge({ uid: stranger }, { at, of: path.join(folder, 'not', 'there') })).toContain(at);
    writeFileSync(path.join(folder, 'file'), '');
    expect(judge({ uid: stranger }, { at, of: path.join(folder, 'file', 'below') })).toContain(at);
  });

  test('the owner of the repository may own them', () => {
    expect(judge({ uid: stranger }, { owners: [stranger] })).toBeUndefined();
  });
});
