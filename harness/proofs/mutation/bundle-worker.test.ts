import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { standIns } from './bundle-worker.ts';

const repository = path.join(import.meta.dirname, '..', '..', '..');
const worker = 'harness/proofs/mutation/worker';

// What each file must have, by the types of the one that it stands in for.
const alive: Promise<typeof import('../../../testing/engine/process-alive.ts')> = import('./worker/fake-alive.ts');
const leftovers: Promise<typeof import('../../engine/leftovers.ts')> = import('./worker/fake-leftovers.ts');
const list: Promise<typeof import('../../../sdk/transport/process-list.ts')> = import('./worker/fake-process-list.ts');

test.each(Object.entries(standIns))(
  '%s says that %s stands in for it, and has no export beyond it',
  async (original, name) => {
    expect(readFileSync(path.join(repository, original), 'utf8')).toContain(
      `${worker}/${name} stands in for this file`,
    );
    const own = await import(path.join(repository, original));
    expect(Object.keys(await import(path.join(repository, worker, name))).sort()).toEqual(Object.keys(own).sort());
  },
);

test('there is a stand-in for each of them', async () => {
  expect(Object.keys(standIns)).toHaveLength((await Promise.all([alive, leftovers, list])).length);
});
