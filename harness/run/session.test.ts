import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultFolders, removeCells } from './folders.ts';
import { Session } from './session.ts';

let folder: string;
let session: Session;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'twinproof-session-'));
  const folders = { ...defaultFolders(path.join(folder, 'out')), goldens: path.join(folder, 'golden') };
  const pinned = { version: '1.0.0', sha256: 's' };
  session = await Session.open({ folders, engine: undefined, pinned, python: undefined, secrets: [] });
});
afterEach(async () => {
  await session.close();
  await removeCells(session.options.folders);
  await rm(folder, { recursive: true, force: true });
});

const plan = (over: object = {}) =>
  ({ scenario: { id: 'turns/none', covers: [], steps: [] }, client: 'ts', engine: 'real', round: 1, ...over }) as never;

test('a cell that does not apply is not run, and says why', async () => {
  expect(await session.run(plan({ notApplicable: 'limited to python' }))).toMatchObject({
    ...{ scenario: 'turns/none', client: 'ts', engine: 'real', round: 1 },
    ...{ verdict: 'not-applicable', reason: 'limited to python', durationMs: 0 },
  });
});

test('a cell without a golden could not run, and so could one without its engine', async () => {
  expect(await session.run(plan())).toMatchObject({
    verdict: 'could-not-run',
    reason: expect.stringContaining('turns/none has no golden'),
  });
  expect(await session.run(plan({ engineVersion: '0.0.1' }))).toMatchObject({ verdict: 'could-not-run' });
});
