import { expect, test } from 'vitest';
import type { ClientId } from '../clients/clients.ts';
import { DriverPool } from './driver-pool.ts';

/** A pool whose drivers are numbered, and what became of them. */
function pooled(starting: () => Promise<void> = async () => {}) {
  const started: string[] = [];
  const closed: string[] = [];
  const pool = new DriverPool(async (client) => {
    const name = `${client} ${started.push(client)}`;
    await starting();
    return { name, close: async () => void closed.push(name) } as never;
  });
  const use = <T>(client: string, work: (name: string) => T | Promise<T>) =>
    pool.use(client as ClientId, async (driver) => work((driver as unknown as { name: string }).name));
  return { pool, started, closed, use };
}
const name = (one: string) => one;

/** What a test holds and lets go. */
function held() {
  let release = () => {};
  const gone = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { gone, release };
}

test('a driver is used again by the next of its client, also after work that failed', async () => {
  const { use, started } = pooled();
  expect(await use('ts', name)).toBe('ts 1');
  await expect(use('ts', () => Promise.reject(new Error('the work failed')))).rejects.toThrow('the work failed');
  expect(await use('ts', name)).toBe('ts 1');
  expect(await use('python', name)).toBe('python 2');
  expect(started).toEqual(['ts', 'python']);
});

test('two that work at once have a driver each, and both are used again', async () => {
  const { use, started } = pooled();
  const end = held();
  const at = async (one: string) => {
    await end.gone;
    return one;
  };
  const both = [use('ts', at), use('ts', at)];
  end.release();
  expect((await Promise.all(both)).sort()).toEqual(['ts 1', 'ts 2']);
  await Promise.all([use('ts', name), use('ts', name)]);
  expect(started).toHaveLength(2);
});

test('closing ends every driver once, those at work too; none is given out afterwards', async () => {
  const { pool, use, closed } = pooled();
  await use('ts', name);
  const end = held();
  const working = use('python', () => end.gone);
  await new Promise(setImmediate);
  await pool.close();
  expect(closed.sort()).toEqual(['python 2', 'ts 1']);
  end.release();
  await working;
  await expect(use('ts', name)).rejects.toThrow('The run has ended');
  await pool.close();
  expect(closed).toHaveLength(2);
});

test('one that is still starting when the pool is closed does no work', async () => {
  const start = held();
  const { pool, use } = pooled(() => start.gone);
  const worked: string[] = [];
  const waiting = use('ts', (one) => worked.push(one));
  await pool.close();
  start.release();
  await expect(waiting).rejects.toThrow('The run has ended');
  expect(worked).toEqual([]);
});
