import { expect, test } from 'vitest';
import { fakeEngine, listen } from '../index.ts';

test('a killed engine that is started again listens when start() resolves: the socket that it has left is not its own', async () => {
  const models = [{ expect: 'model/list' }, { answer: 'model/list', result: { data: [] } }];
  await using fake = await fakeEngine([...models, { start: 2 }, ...models]);
  const server = await listen({ codexBin: fake.codexBin, env: { ...fake.env, PATH: String(process.env['PATH']) } });
  try {
    await server.codex().models();
    await server.stop('SIGKILL');
    await server.start();
    expect((await server.codex().models()).data).toEqual([]);
  } finally {
    await server.close();
  }
});
