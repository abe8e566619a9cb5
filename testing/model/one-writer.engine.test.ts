import { expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { scriptedModel } from '../index.ts';

test('a thread that another engine has open: the error says what to do, and all of it works', async () => {
  const { path: codexBin } = await resolveEngine();
  await using model = await scriptedModel([{ message: 'one' }, { message: 'two' }, { message: 'three' }], { codexBin });
  const [first, second] = [model.codex(), model.codex()];
  const thread = await first.threadStart();
  await thread.run('hi');
  await expect(second.threadResume(thread.id)).rejects.toMatchObject({
    name: 'WriterConflictError',
    kind: 'writer-conflict',
    rpcMessage: `thread ${thread.id} already has an active writer`,
    message: expect.stringMatching(
      /active writer\. Another engine process has this thread open\. .+ fork .+One writer per thread/,
    ),
  });
  expect((await (await second.threadFork(thread.id)).run('hi')).finalResponse).toBe('two');
  await first.close();
  expect((await (await second.threadResume(thread.id)).run('hi')).finalResponse).toBe('three');
});
