import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { programMark } from '../../sdk/host/program-mark.ts';
import { ApprovalMode, Codex, type HookEvent, type Hooks, Sandbox } from '../../sdk/index.ts';
import { listProcesses } from '../../sdk/transport/process-list.ts';
import { type ModelAnswer, type ScriptedModel, scriptedModel } from '../index.ts';

const { path: codexBin } = await resolveEngine();

const command = (cmd: string): ModelAnswer => ({ call: { name: 'exec_command', arguments: { cmd } } });
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`twinproof-hooks-${process.pid}-`));

/** The engine of this test: the child of this process that has the test's own home. */
async function engineOf(model: ScriptedModel): Promise<number> {
  const home = String(model.config.env?.CODEX_HOME);
  for (const { pid, parent, environment } of (await listProcesses()) ?? [])
    if (parent === process.pid && environment?.includes(home)) return pid;
  throw new Error('there is no engine');
}

async function client(hooks: Hooks, answers: ModelAnswer[]) {
  const model = await scriptedModel(answers, { codexBin });
  onTestFinished(() => model.close());
  const failures: string[] = [];
  const onError = (error: unknown, event: HookEvent) => void failures.push(`${event}: ${error}`);
  const codex = new Codex({ ...model.config, hooks: { onError, ...hooks } });
  onTestFinished(() => codex.close());
  const thread = await codex.threadStart({ sandbox: Sandbox.fullAccess, approvalMode: ApprovalMode.denyAll });
  /** What the model was told, as one text. */
  const told = () => JSON.stringify(model.requests.at(-1)?.body['input']);
  return { model, codex, thread, failures, told };
}

test('every event reaches its function, with what the engine says; nothing is left on disk', async () => {
  const seen: [string, object][] = [];
  const note = (event: string) => (request: object) => void seen.push([event, request]);
  const { codex, thread, failures } = await client(
    {
      preToolUse: note('preToolUse'),
      postToolUse: [note('postToolUse'), note('postToolUse again')],
      sessionStart: note('sessionStart'),
      userPromptSubmit: note('userPromptSubmit'),
      stop: note('stop'),
    },
    [command('echo out'), { message: 'done' }],
  );
  expect(folders()).toHaveLength(1);
  expect(await thread.run('go')).toMatchObject({ finalResponse: 'done' });
  const of = { threadId: thread.id, cwd: expect.any(String), model: expect.any(String), raw: expect.any(Object) };
  const tool = { ...of, turnId: expect.any(String), toolName: 'Bash', toolInput: { command: 'echo out' } };
  expect(seen).toMatchObject([
    ['sessionStart', { ...of, source: 'startup' }],
    ['userPromptSubmit', { ...of, prompt: 'go' }],
    ['preToolUse', tool],
    ['postToolUse', { ...tool, toolResponse: expect.stringContaining('out') }],
    ['postToolUse again', tool],
    ['stop', { ...of, stopHookActive: false, lastAssistantMessage: 'done' }],
  ]);
  expect(failures).toEqual([]);
  await codex.close();
  expect(folders()).toEqual([]);
});

test('a tool is refused, its input replaced, and the model told more, as the first hook that answers says', async () => {
  const { thread, told } = await client(
    {
      preToolUse: [
        { tools: ['apply_patch'], handler: () => ({ block: 'never asked' }) },
        ({ toolInput }) => {
          const text = (toolInput as { command: string }).command;
          if (text.startsWith('rm')) return { block: 'no removing here' };
          return text === 'echo one' ? { updatedInput: { command: 'echo instead' } } : undefined;
        },
        async () => ({ context: 'mind the gap' }),
      ],
      postToolUse: ({ toolResponse }) =>
        String(toolResponse).includes('secret') ? { block: 'not for you' } : undefined,
    },
    [command('rm -r x'), command('echo one'), command('echo two'), command('echo secret'), { message: 'done' }],
  );
  await thread.run('go');
  expect(told()).toContain('no removing here');
  expect(told()).toContain('Output:\\ninstead');
  expect(told()).toContain('mind the gap');
  expect(told()).toContain('not for you');
  expect(told()).not.toContain('Output:\\nsecret');
  expect(told()).not.toContain('never asked');
});

test('a hook for some tools alone is not asked about others', async () => {
  const { thread, told } = await client({ preToolUse: { tools: ['Bash'], handler: () => ({ block: 'no shell' }) } }, [
    command('echo one'),
    { message: 'done' },
  ]);
  await thread.run('go');
  expect(told()).toContain('no shell');
  const other = await client({ preToolUse: { tools: ['apply_patch'], handler: () => ({ block: 'no shell' }) } }, [
    command('echo one'),
    { message: 'done' },
  ]);
  await other.thread.run('go');
  expect(other.told()).not.toContain('no shell');
});

test('a prompt is refused or explained, a session begins with more, and a stop is put off', async () => {
  let stops = 0;
  const { thread, told, model } = await client(
    {
      sessionStart: () => ({ context: 'it is Monday' }),
      userPromptSubmit: ({ prompt }) => (prompt === 'bad' ? { block: 'not that' } : { context: 'they mean tea' }),
      stop: () => {
        stops += 1;
        return stops === 1 ? { block: 'say goodbye first' } : undefined;
      },
    },
    [{ message: 'first' }, { message: 'goodbye' }],
  );
  expect((await thread.run('bad')).finalResponse).toBeNull();
  expect(model.requests).toHaveLength(0);
  expect((await thread.run('good')).finalResponse).toBe('goodbye');
  for (const text of ['it is Monday', 'they mean tea', 'say goodbye first']) expect(told()).toContain(text);
});

const failing: [string, Partial<Hooks>, string][] = [
  [
    'throws',
    {
      preToolUse: () => {
        throw new Error('no, Bearer abcdefgh12345678');
      },
    },
    'preToolUse: Error: no',
  ],
  ['rejects', { preToolUse: async () => await Promise.reject(new Error('late')) }, 'preToolUse: Error: late'],
  ['hangs', { preToolUse: { timeoutMs: 50, handler: () => new Promise<never>(() => {}) } }, 'preToolUse: TimeoutError'],
  ['answers nonsense', { preToolUse: () => 'allow' as never }, 'preToolUse: TypeError: Reading the answer of the hook'],
  ['answers two things', { preToolUse: () => ({ block: 'a', context: 'b' }) as never }, 'preToolUse: TypeError'],
];

test.each(failing)('a hook that %s blocks the tool, and the turn continues', async (_how, hooks, error) => {
  const { thread, told, failures } = await client(hooks, [command('echo one'), { message: 'done' }]);
  expect(await thread.run('go')).toMatchObject({ status: 'completed', finalResponse: 'done' });
  expect(told()).toContain('The hook of this program failed');
  expect(told()).not.toContain('abcdefgh12345678');
  expect(failures).toEqual([expect.stringContaining(error)]);
});

test('hooks that run are told when the turn is interrupted, the engine dies, and the client closes', async () => {
  for (const how of ['interrupt', 'close', 'kill'] as const) {
    let begun: () => void = () => {};
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let over: (reason: unknown) => void = () => {};
    const stopped = new Promise<unknown>((resolve) => {
      over = resolve;
    });
    const { codex, thread, model } = await client(
      {
        preToolUse: async (_request, { signal }) => {
          signal.addEventListener('abort', () => over(signal.reason));
          begun();
          return await new Promise<never>(() => {});
        },
      },
      [command('echo one'), { message: 'done' }],
    );
    const turn = await thread.turn('go');
    const ended = turn.result().catch((error: unknown) => error);
    await running;
    if (how === 'interrupt') await turn.interrupt();
    else if (how === 'close') await codex.close();
    else process.kill(await engineOf(model));
    expect(await stopped, how).toBeInstanceOf(Error);
    await ended;
    await codex.close();
    expect(folders()).toEqual([]);
  }
});

test('hooks that the engine does not run are an error, and nothing stays', async () => {
  const model = await scriptedModel([], { codexBin });
  onTestFinished(() => model.close());
  const overrides = [...(model.config.configOverrides ?? []), 'features.hooks=false'];
  await using codex = new Codex({ ...model.config, configOverrides: overrides, hooks: { stop: () => undefined } });
  await expect(codex.connect()).rejects.toThrow(
    'Starting the engine with the hook stop: expected a trusted hook, got none.',
  );
  expect(folders()).toEqual([]);
  await using without = new Codex({ ...model.config, hooks: {} });
  await without.connect();
});

test('hooks of the user that are trusted run beside those of the program, and what a killed program has left is removed', async () => {
  const mark = await programMark();
  const stale = join(tmpdir(), `twinproof-hooks-${mark.replace(String(process.pid), '999999999')}-x`);
  const elsewhere = join(tmpdir(), 'twinproof-hooks-999999999-0123456789ab-1-x');
  mkdirSync(elsewhere, { recursive: true });
  onTestFinished(() => rmSync(elsewhere, { recursive: true }));
  mkdirSync(stale, { recursive: true });
  const model = await scriptedModel([{ message: 'one' }, { message: 'two' }], { codexBin });
  onTestFinished(() => model.close());
  const home = String(model.config.env?.CODEX_HOME);
  const note = join(home, 'note');
  const theirs = `echo x >> '${note}'; echo {}`;
  const file = { hooks: { Stop: [{ hooks: [{ type: 'command', command: theirs }] }] } };
  writeFileSync(join(home, 'hooks.json'), JSON.stringify(file));
  await using first = new Codex(model.config);
  const { data } = await first.request('hooks/list', {});
  const [hook] = data.flatMap(({ hooks }) => hooks);
  await first.close();
  appendFileSync(join(home, 'config.toml'), `\n[hooks.state."${hook?.key}"]\ntrusted_hash = "${hook?.currentHash}"\n`);
  let asked = 0;
  const stop = () => {
    asked += 1;
    return undefined;
  };
  await using codex = new Codex({ ...model.config, hooks: { stop } });
  const thread = await codex.threadStart({ sandbox: Sandbox.readOnly });
  await thread.run('go');
  expect([asked, readFileSync(note, 'utf8')]).toEqual([1, 'x\n']);
  expect(readdirSync(tmpdir())).not.toContain(basename(stale));
  // Of another container: nobody can see from here whether its program lives.
  expect(readdirSync(tmpdir())).toContain(basename(elsewhere));
  rmSync(note);
});
