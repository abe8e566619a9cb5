import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { TurnFailedError } from '../../sdk/index.ts';
import { scriptedModel } from './scripted-model.ts';

const { path: codexBin } = await resolveEngine();

test('the real engine says what the script says, in a place of its own, and leaves nothing', async () => {
  const model = await scriptedModel([{ stream: ['Hel', 'lo'], hold: 'go' }, { message: 'done' }], {
    codexBin,
    workspace: { 'docs/a.md': 'text\n' },
  });
  const codex = model.codex();
  const { codexHome } = await codex.connect();
  const thread = await codex.threadStart();
  const turn = await thread.turn('first');
  const first = turn.run();
  await model.requested(1);
  model.release('go');
  expect((await first).finalResponse).toBe('Hello');
  expect((await thread.run('second')).finalResponse).toBe('done');
  expect(model.requests).toHaveLength(2);
  expect(JSON.stringify(model.requests[1]?.body.input)).toContain('second');
  expect(await readFile(join(model.workspace, 'docs/a.md'), 'utf8')).toBe('text\n');
  expect(String(codexHome)).toBe(join(model.workspace, '..', 'codex-home'));
  await model.finish();
  await expect(access(join(model.workspace, '..'))).rejects.toThrow('ENOENT');
});

test('an answer that was not asked for, and one too many, fail', async () => {
  const spare = await scriptedModel([{ message: 'a' }, { message: 'b' }], { codexBin });
  await (await spare.codex().threadStart()).run('x');
  await expect(spare.finish()).rejects.toThrow('1 of 2 answers were not asked for, first {"message":"b"}');
  const short = await scriptedModel([], { codexBin });
  await expect((await short.codex().threadStart()).run('x')).rejects.toThrow(TurnFailedError);
  const late = short.requested(9);
  const caught = expect(late).rejects.toThrow('closed before request 9 came');
  await expect(short.finish()).rejects.toThrow('unscripted model request 1');
  await caught;
});

test('what would lead out is refused, and nothing is left', async () => {
  await expect(scriptedModel([], { workspace: { '../x': '' } })).rejects.toThrow('inside the workspace');
  await expect(scriptedModel([], { config: 'analytics.enabled = true' })).rejects.toThrow(
    'lines that keep the engine on this machine',
  );
});
