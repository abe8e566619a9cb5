import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { Sandbox, type TurnOptions } from '../../sdk/index.ts';
import { until } from '../../sdk/test-fixtures/connected-client.ts';
import { scriptedModel } from './scripted-model.ts';

const { path: codexBin } = await resolveEngine();
let name = '';

interface Listed {
  pid: number;
  parent: number;
  args: string;
}

/** The processes of the command of this test, as the system lists them. */
function processes(): Listed[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args=']).toString().split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, state = '', args = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const isOurs = args.includes(name) && args.includes('sleep') && !state.startsWith('Z');
    return isOurs ? [{ pid: Number(pid), parent: Number(parent), args }] : [];
  });
}

/** Without what a shell has forked, and what is not yet the program that it starts: it looks like the shell itself. */
function listed(): number[] {
  const all = processes();
  const isFork = (one: Listed) => all.some(({ pid, args }) => pid === one.parent && args === one.args);
  return all.filter((one) => !isFork(one)).map(({ pid }) => pid);
}
afterEach(() => {
  for (const { pid } of processes()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
});

/** A turn whose command runs, with a child in a session of its own. */
async function running(options: TurnOptions, sandbox: Sandbox) {
  name = randomUUID();
  const sleep = `sh -c 'sleep 300; : ${name}'`;
  // Again and again: the engine may miss the first output.
  const cmd = `setsid ${sleep} & while :; do echo begun; sleep 0.1; done`;
  const model = await scriptedModel(
    [{ call: { name: 'exec_command', arguments: { cmd, yield_time_ms: 20_000 } } }, { message: 'went on' }],
    { codexBin },
  );
  // A sandbox that is killed leaves the empty `.git` that it has put into each writable folder: not into everybody's.
  const own = { sandbox_workspace_write: { exclude_slash_tmp: true, exclude_tmpdir_env_var: true } };
  const codex = model.codex();
  const thread = await codex.threadStart({ sandbox, config: own });
  const turn = await thread.turn('go', options);
  const watching = await thread.attach(turn.id);
  for await (const { method, payload } of watching.stream())
    if (method === 'item/commandExecution/outputDelta' && String(payload.delta).includes('begun')) break;
  expect(listed().length).toBeGreaterThan(1);
  return { model, codex, thread, turn };
}

const sandboxes = { 'in the sandbox': Sandbox.workspaceWrite, 'without a sandbox': Sandbox.fullAccess };

test('interrupt() ends the turn, and the command runs on, as in Python', async () => {
  const { model, turn } = await running({}, Sandbox.fullAccess);
  const before = listed();
  await turn.interrupt();
  expect(await turn.result()).toMatchObject({ status: 'interrupted' });
  expect(listed()).toEqual(before);
  await model.close();
});

test('a soft abort ends the turn and its command, but not what that has put in a session of its own', async () => {
  const abort = new AbortController();
  const { model, codex, turn } = await running({ signal: abort.signal }, Sandbox.fullAccess);
  const events = codex.events();
  abort.abort();
  expect(await turn.result()).toMatchObject({ status: 'interrupted' });
  for await (const event of events)
    if (event.method === 'item/completed' && event.payload.item.type === 'commandExecution') break;
  // The engine has killed them; that they are gone, the system tells nobody but their parent.
  await until(() => listed().length <= 1);
  expect(listed()).toHaveLength(1);
  expect(model.requests).toHaveLength(1);
  expect(await turn.interrupt({ hard: true })).toEqual({});
  expect(listed()).toEqual([]);
  await model.close();
});

test.each(Object.entries(sandboxes))(
  'a hard interrupt ends the command and what it has started; %s',
  async (_, sandbox) => {
    const { model, thread, turn } = await running({}, sandbox);
    await turn.interrupt({ hard: true });
    expect(listed()).toEqual([]);
    expect(await turn.result()).toMatchObject({ status: 'interrupted' });
    expect((await thread.run('next')).finalResponse).toBe('went on');
    await model.finish();
  },
);
