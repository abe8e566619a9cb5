import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { failureOf, wrongStack } from '../../sdk/test-fixtures/callers-line.ts';
import { fakeEngine, memoryEngine, record, replay, scriptedModel } from '../index.ts';

const silent = { 'model/list': () => new Promise<never>(() => {}) };

/** Each way in which a call of the kit fails. */
const calls: Record<string, () => Promise<unknown>> = {
  'memoryEngine().ask': async () => {
    const engine = memoryEngine();
    await engine.codex({ onServerRequest: () => new Promise(() => {}) }).connect();
    const asking = failureOf(() => engine.ask('currentTime/read', {}));
    await engine.close();
    return await asking;
  },
  'memoryEngine().received': async () => {
    const engine = memoryEngine();
    await engine.codex().connect();
    const receiving = failureOf(() => engine.received('turn/start'));
    await engine.close();
    return await receiving;
  },
  'memoryEngine().finish': async () => {
    const engine = memoryEngine();
    await engine
      .codex()
      .request('no/method')
      .catch(() => {});
    return await failureOf(() => engine.finish());
  },
  'memoryEngine().die': async () => {
    const engine = memoryEngine(silent);
    const codex = engine.codex();
    const models = failureOf(() => codex.models());
    await engine.received('model/list');
    engine.die();
    return await models;
  },
  'fakeEngine, wrong script': () => failureOf(() => fakeEngine([{ expekt: 'x' } as never])),
  'fakeEngine, wrong YAML': () => failureOf(() => fakeEngine('a: [')),
  'fakeEngine().finish': async () => {
    const engine = await fakeEngine([{ expect: 'turn/start' }]);
    return await failureOf(() => engine.finish());
  },
  'fakeEngine().reached': async () => {
    const engine = await fakeEngine([{ hold: 'x' }]);
    const reaching = failureOf(() => engine.reached('x'));
    await engine.close();
    return await reaching;
  },
  replay: () => failureOf(() => replay('/nowhere.jsonl')),
  record: () => failureOf(() => record({ file: '/nowhere', codexBin: '/nowhere/codex' })),
  'record().finish': async () => {
    const recorder = await record({ file: join(tmpdir(), 'never.jsonl'), codexBin: process.execPath });
    return await failureOf(() => recorder.finish());
  },
  scriptedModel: () => failureOf(() => scriptedModel([], { workspace: { '../outside': 'x' } })),
  'scriptedModel().finish': async () => {
    const model = await scriptedModel([{ message: 'unasked' }], { codexBin: process.execPath });
    return await failureOf(() => model.finish());
  },
  'scriptedModel().requested': async () => {
    const model = await scriptedModel([], { codexBin: process.execPath });
    const requested = failureOf(() => model.requested(1));
    await model.close();
    return await requested;
  },
};

test.each(Object.entries(calls))("%s shows its caller's line", async (_, call) => {
  expect(wrongStack(await call())).toBeUndefined();
});

test("a failure in Vitest has a code frame of the user's file", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'callers-line-'));
  const kit = fileURLToPath(new URL('../index.ts', import.meta.url));
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const program = `import { memoryEngine } from ${JSON.stringify(kit)};
test('a user', async () => {
  const codex = memoryEngine().codex();
  await codex.request('no/method'); // the line
});
test('another', async () => {
  for await (const _ of memoryEngine().codex().threads()); // the loop
});
`;
  try {
    await writeFile(join(folder, 'user.test.mjs'), program);
    const { stderr } = await execa(process.execPath, [vitest, 'run', '--globals', '--root', folder], {
      reject: false,
      env: { NO_COLOR: '1' },
    });
    expect(stderr).toMatch(
      /user\.test\.mjs:4:\d+\n(?: +\d+\|.*\n)+? +4\| {3}await codex\.request\('no\/method'\); \/\/ the line/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
