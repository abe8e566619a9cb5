import { access, chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ScriptedModel, scriptedModel } from './scripted-model.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scripted-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Asks the model as an engine would. */
async function ask(home: string, text = 'hi') {
  const config = await readFile(join(home, 'config.toml'), 'utf8');
  const [, url] = /base_url = "([^"]+)"/.exec(config) ?? [];
  const input = [{ role: 'user', content: [{ type: 'input_text', text }] }];
  return await fetch(`${url}/responses`, { method: 'POST', body: JSON.stringify({ input }) });
}
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    ({ message }: Error) => message,
  );
const homeOf = ({ config }: ScriptedModel) => config.env?.CODEX_HOME ?? '';

test('an engine of its configuration finds the model, its own folders and none of the user’s keys', async () => {
  const model = await scriptedModel([{ message: 'hello' }], {
    workspace: { 'a.txt': 'A', 'b/c.txt': 'C' },
    codexBin: '/opt/codex',
    config: 'model_verbosity = "low"',
  });
  const { env, cwd, codexBin } = model.config;
  expect([cwd, codexBin]).toEqual([model.workspace, '/opt/codex']);
  const root = dirname(model.workspace);
  expect(env).toEqual({
    ...{ HOME: join(root, 'home'), CODEX_HOME: join(root, 'codex-home'), TMPDIR: join(root, 'tmp') },
    ...{ OPENAI_API_KEY: '', CODEX_API_KEY: '', SCRIPTED_KEY: 'a-key-that-opens-nothing' },
  });
  for (const name of ['HOME', 'CODEX_HOME', 'TMPDIR']) expect((await stat(env?.[name] ?? '')).isDirectory()).toBe(true);
  expect(await readFile(join(model.workspace, 'a.txt'), 'utf8')).toBe('A');
  expect(await readFile(join(model.workspace, 'b/c.txt'), 'utf8')).toBe('C');
  expect(await readFile(join(homeOf(model), 'config.toml'), 'utf8')).toContain('model_verbosity = "low"');
  expect(await (await ask(homeOf(model))).text()).toContain('"text":"hello"');
  expect(model.requests.map(({ n }) => n)).toEqual([1]);
  await model.finish();
  await expect(access(root)).rejects.toThrow('ENOENT');
  await model.close();
});

test('without an engine of its own, it names none', async () => {
  await using model = await scriptedModel([]);
  expect(Object.keys(model.config).sort()).toEqual(['cwd', 'env']);
});

test('a request can be waited for, before it comes and after; a close ends who still waits', async () => {
  const model = await scriptedModel([{ message: 'a' }, { message: 'b' }]);
  const [first, second, third] = [1, 2, 3].map((n) => outcome(model.requested(n)));
  await ask(homeOf(model));
  expect(await first).toBe('resolved');
  expect(await outcome(model.requested(1))).toBe('resolved');
  const isWaiting = await Promise.race([second, new Promise((resolve) => setImmediate(() => resolve('waits')))]);
  expect(isWaiting).toBe('waits');
  await ask(homeOf(model));
  expect(await second).toBe('resolved');
  await model.close();
  expect(await third).toBe('scriptedModel: closed before request 3 came');
});

test('an answer that holds waits for its release', async () => {
  await using model = await scriptedModel([{ hold: 'now', message: 'late' }]);
  const asked = ask(homeOf(model)).then((response) => response.text());
  await model.requested(1);
  model.release('now');
  expect(await asked).toContain('"text":"late"');
});

test.each<[string, number, string | undefined]>([
  ['as many requests as answers', 2, undefined],
  ['too few', 1, '1 of 2 answers were not asked for, first {"message":"b"}'],
  ['none', 0, '2 of 2 answers were not asked for, first {"message":"a"}'],
  ['too many', 3, 'unscripted model request 3'],
])('%s: what finish says of it', async (_, count, says) => {
  const model = await scriptedModel([{ message: 'a' }, { message: 'b' }]);
  for (let n = 0; n < count; n += 1) await (await ask(homeOf(model))).text();
  const root = dirname(model.workspace);
  expect(await outcome(model.finish())).toBe(
    says === undefined ? 'resolved' : `The scripted model and the engine do not agree: ${says}`,
  );
  await expect(access(root)).rejects.toThrow('ENOENT');
});

test('what was not asked for is told before what was not foreseen', async () => {
  const model = await scriptedModel([{ for: 'never', message: 'a' }]);
  await ask(homeOf(model), 'other');
  expect(await outcome(model.finish())).toBe(
    'The scripted model and the engine do not agree: 1 of 1 answers were not asked for, first {"for":"never","message":"a"}; unscripted model request 1',
  );
});

test.each(['../out.txt', '/abs.txt', '.', 'a/../../b', '..'])(
  'a file %s leads out of the workspace: refused, and nothing is left',
  async (name) => {
    process.env.TMPDIR = folder;
    try {
      await expect(scriptedModel([], { workspace: { [name]: '' } })).rejects.toThrow(
        'expected a relative path inside the workspace',
      );
      await expect(access(join(folder, 'out.txt'))).rejects.toThrow('ENOENT');
    } finally {
      delete process.env.TMPDIR;
    }
  },
);

test.skipIf(process.platform === 'win32')(
  'its clients start the engine in the workspace, with its environment and what they add, and end with it',
  async () => {
    const engine = join(folder, 'codex');
    // Says where it is and what it sees, then waits for its end.
    await writeFile(
      engine,
      `#!/bin/sh\npwd > '${folder}/pwd'\nenv > '${folder}/env'\necho $$ > '${folder}/pid'\nexec cat > /dev/null\n`,
    );
    await chmod(engine, 0o755);
    const model = await scriptedModel([], { codexBin: engine });
    const client = model.codex({ env: { MORE: 'of the caller' } });
    const connecting = outcome(client.connect());
    const pid = async () => Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => ''));
    while (!(await pid())) await new Promise((resolve) => setImmediate(resolve));
    const seen = (await readFile(join(folder, 'env'), 'utf8')).split('\n');
    for (const line of ['MORE=of the caller', 'SCRIPTED_KEY=a-key-that-opens-nothing', `CODEX_HOME=${homeOf(model)}`])
      expect(seen).toContain(line);
    expect((await readFile(join(folder, 'pwd'), 'utf8')).trim()).toBe(model.workspace);
    const running = await pid();
    await model.close();
    expect(await connecting).not.toBe('resolved');
    expect(() => process.kill(running, 0)).toThrow('ESRCH');
  },
);
