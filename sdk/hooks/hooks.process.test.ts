import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Codex } from '../client/codex.ts';
import { canMount, onSmallDisk } from '../test-fixtures/small-disk.ts';
import { hookOutput, hookRequest } from './answers.ts';
import { openHooks, trustHash } from './open-hooks.ts';
import type { HookEvent, Hooks } from './options.ts';

async function open(hooks: Hooks) {
  const opened = await openHooks(hooks);
  onTestFinished(() => opened.fail(new Error('over')));
  /** Starts the relay as the engine does, with what an event says. */
  const run = (event: HookEvent, input: object | string = {}, env: object = {}) => {
    const setting = opened.args.find((one) => one.includes(` ${event} `)) ?? '';
    const command = /command='([^']*)'/.exec(setting)?.[1] ?? '';
    return execa('sh', ['-c', command], {
      input: typeof input === 'string' ? input : JSON.stringify(input),
      env: { ...opened.env, ...env } as Record<string, string>,
    });
  };
  const answer = async (...args: Parameters<typeof run>) => JSON.parse((await run(...args)).stdout) as object;
  return { opened, run, answer };
}

const denied = (reason: unknown) => ({
  hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: reason },
});
const unreachable = 'The program that decides on this could not be asked.';

test('the relay brings a hook what the engine says, and the engine its answer', async () => {
  const requests: object[] = [];
  const { answer } = await open({
    preToolUse: (request) => {
      requests.push(request);
      return { block: 'no "quotes"\nand lines' };
    },
    stop: () => undefined,
  });
  const input = { session_id: 's', turn_id: 't', tool_name: 'Bash', tool_input: { some_key: 1 }, new_field: 2 };
  expect(await answer('preToolUse', input)).toEqual(denied('no "quotes"\nand lines'));
  expect(requests).toEqual([
    { threadId: 's', turnId: 't', toolName: 'Bash', toolInput: { some_key: 1 }, newField: 2, raw: input },
  ]);
  expect(await answer('stop', {})).toEqual({});
  const large = { session_id: 's', tool_response: 'ü'.repeat(3_000_000) };
  expect(await answer('preToolUse', large)).toEqual(denied(expect.any(String)));
});

test('the folder and its files are for this user alone, and gone at the end', async () => {
  const { opened } = await open({ stop: () => undefined });
  const relay = String(opened.env.TWINPROOF_HOOK_RELAY);
  expect([statSync(dirname(relay)).mode & 0o777, statSync(relay).mode & 0o777]).toEqual([0o700, 0o600]);
  opened.fail(new Error('over'));
  expect(readdirSync(tmpdir()).filter((name) => dirname(relay).endsWith(name))).toEqual([]);
});

test('nobody decides anything without the token; a relay that reaches nobody refuses what has not happened', async () => {
  let asked = 0;
  const { opened, answer } = await open({
    preToolUse: () => {
      asked += 1;
    },
    stop: () => ({ block: 'x' }),
  });
  expect(await answer('preToolUse', {}, { TWINPROOF_HOOK_TOKEN: 'guess' })).toEqual(denied(unreachable));
  for (const line of ['{"token":"guess","event":"stop","input":"{}"}', 'nonsense', '[]', '{}']) {
    const socket = connect(String(opened.env.TWINPROOF_HOOK_SOCKET));
    socket.end(`${line}\n`);
    let told = '';
    for await (const chunk of socket) told += chunk;
    expect(told).toBe('');
  }
  expect(asked).toBe(0);
  opened.fail(new Error('over'));
  expect(await answer('stop', {}, { TWINPROOF_HOOK_RELAY: '/none' }).catch(() => 'no relay')).toBe('no relay');
});

test('an address that nobody serves, or that never answers, gets the safe answer', async () => {
  const { answer, opened } = await open({
    preToolUse: { handler: () => undefined, timeoutMs: 1 },
    stop: () => undefined,
  });
  const none = { TWINPROOF_HOOK_SOCKET: join(tmpdir(), 'nobody.sock') };
  expect(await answer('preToolUse', {}, none)).toEqual(denied(unreachable));
  expect(await answer('stop', {}, none)).toEqual({});
  const silent = createServer(() => {});
  const at = join(dirname(String(opened.env.TWINPROOF_HOOK_RELAY)), 'silent');
  await new Promise<void>((resolve) => silent.listen(at, resolve));
  onTestFinished(() => void silent.close());
  expect(await answer('preToolUse', {}, { TWINPROOF_HOOK_SOCKET: at })).toEqual(denied(unreachable));
});

test('what the engine says that is no JSON, and failures, are told to onError, whatever that does', async () => {
  const told: [string, HookEvent][] = [];
  const onError = (error: unknown, event: HookEvent) => {
    told.push([String(error), event]);
    if (told.length === 1) throw new Error('nor can this be noted');
    return Promise.reject(new Error('nor this')) as never;
  };
  const { answer } = await open({ onError, preToolUse: () => undefined, stop: () => 'x' as never });
  expect(await answer('preToolUse', 'nonsense')).toMatchObject(denied(expect.stringContaining('failed')));
  expect(await answer('preToolUse', '[]')).toMatchObject(denied(expect.stringContaining('expected an object')));
  expect(await answer('stop')).toEqual({});
  expect(told.map(([, event]) => event)).toEqual(['preToolUse', 'preToolUse', 'stop']);
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const other = await open({ stop: () => 5 as never });
  await other.answer('stop');
  expect(warn).toHaveBeenCalledWith(
    expect.stringContaining('the hook stop failed'),
    expect.objectContaining({ code: 'TWINPROOF_HOOKS' }),
  );
  warn.mockRestore();
});

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'hooks-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test.each([
  ['is not there', 'ENOENT', () => {}],
  ['is a file', 'ENOTDIR', (path: string) => writeFileSync(path, '')],
  ['is too long for a socket', 'bytes', (path: string) => mkdirSync(path)],
])('a folder for temporary files that %s is an error that says so, and nothing stays', async (how, got, make) => {
  const outer = place();
  const folder = join(outer, how.repeat(how.includes('long') ? 5 : 1));
  make(folder);
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const before = readdirSync(outer, { recursive: true });
  await using codex = new Codex({ codexBin: process.execPath, hooks: { stop: () => undefined } });
  await expect(codex.connect()).rejects.toMatchObject({
    action: 'opening hooks',
    cause: expect.any(Error),
    message: expect.stringMatching(
      new RegExp(`^Opening hooks: expected a folder in ${folder} that can be written to, got .*${got}.*Set TMPDIR`),
    ),
  });
  expect(readdirSync(outer, { recursive: true })).toEqual(before);
});

test.skipIf(!(await canMount()))('a full disk is an error, nothing stays, and with room again it works', async () => {
  const folder = place();
  const program = `
    import { closeSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
    import { openHooks } from ${JSON.stringify(new URL('./open-hooks.ts', import.meta.url).href)};
    process.env.TMPDIR = ${JSON.stringify(folder)};
    const fill = ${JSON.stringify(join(folder, 'fill'))};
    const file = openSync(fill, 'w');
    try { for (;;) writeSync(file, Buffer.alloc(4096)); } catch {}
    const { message } = await openHooks({ stop: () => {} }).catch((error) => error);
    const left = readdirSync(${JSON.stringify(folder)});
    rmSync(fill);
    closeSync(file);
    const opened = await openHooks({ stop: () => {} });
    opened.fail(new Error('over'));
    console.log(JSON.stringify({ message, left, after: readdirSync(${JSON.stringify(folder)}) }));`;
  const [bin, ...args] = onSmallDisk(folder);
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', program];
  const { stdout } = await execa(bin, [...args, ...node]);
  expect(JSON.parse(stdout)).toEqual({
    message: expect.stringMatching(/^Opening hooks: expected a folder in .*, got ENOSPC/),
    left: ['fill'],
    after: [],
  });
});

test('each answer has its place in the words of the engine; others are refused', () => {
  expect(hookOutput('preToolUse', { updatedInput: { command: 'x' } })).toEqual({
    hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow', updatedInput: { command: 'x' } },
  });
  for (const event of ['preToolUse', 'postToolUse', 'sessionStart', 'userPromptSubmit'] as const)
    expect(hookOutput(event, { context: 'c' })).toMatchObject({ hookSpecificOutput: { additionalContext: 'c' } });
  for (const event of ['postToolUse', 'userPromptSubmit', 'stop'] as const)
    expect(hookOutput(event, { block: 'b' })).toEqual({ decision: 'block', reason: 'b' });
  for (const event of ['preToolUse', 'postToolUse', 'sessionStart', 'userPromptSubmit', 'stop'] as const) {
    expect(hookOutput(event, undefined)).toEqual({});
    for (const wrong of [null, 'x', 1, [], {}, { block: '' }, { block: 1 }, { updatedInput: [] }, { deny: 'x' }])
      expect(() => hookOutput(event, wrong), event).toThrow(`Reading the answer of the hook ${event}`);
  }
  expect(() => hookOutput('sessionStart', { block: 'x' })).toThrow('context');
  expect(() => hookOutput('stop', { context: 'x' })).toThrow('block');
  expect(() => hookRequest(null)).toThrow('expected an object');
});

test('a hook that the engine lists in another state is an error that names the state', async () => {
  const { opened } = await open({ stop: () => undefined });
  const command = /command='([^']*)'/.exec(opened.args.join(' '))?.[1];
  const list = (hook: object) => async () => ({ data: [{ hooks: [5, { command, ...hook }] }, 5] }) as never;
  await opened.verify(list({ trustStatus: 'trusted', enabled: true }));
  for (const [hook, got] of [
    [{ trustStatus: 'untrusted' }, 'untrusted'],
    [{ trustStatus: 'of a later engine' }, 'of a later engine'],
    [{ trustStatus: 'trusted', enabled: false }, 'one that is off'],
    [{ command: 'another', trustStatus: 'trusted' }, 'none'],
  ] as const)
    await expect(opened.verify(list(hook))).rejects.toThrow(
      `Starting the engine with the hook stop: expected a trusted hook, got ${got}.`,
    );
  await expect(opened.verify(async () => ({ data: 5 }))).rejects.toMatchObject({ kind: 'unsupported' });
});

test('the hash is the one that the engine makes', () => {
  const one = { event: 'preToolUse' as const, command: 'exec "$RELAY_X"', seconds: 30, matcher: undefined };
  // Read from hooks/list of the engines 0.163.0 and 0.171.0.
  expect(trustHash(one)).toBe('sha256:4623a4a01426d09efb2a8224ea2f2988bb6c7d6b5d924d5f5982e794d9c2d082');
});

test.each([
  [{ hooks: { before: () => {} } }, 'expected an object with preToolUse'],
  [{ hooks: { preToolUse: { handler: () => {}, tools: ["it's"] } } }, 'expected an object with preToolUse'],
  [{ hooks: { preToolUse: { handler: () => {}, tools: [] } } }, 'expected an object with preToolUse'],
  [{ hooks: { stop: { handler: () => {}, tools: ['Bash'] } } }, 'expected an object with preToolUse'],
  [{ hooks: { stop: { handler: () => {}, timeoutMs: 0 } } }, 'expected an object with preToolUse'],
  [{ hooks: { stop: [5] } }, 'expected an object with preToolUse'],
  [{ hooks: { stop: { handler: () => {}, matcher: 'x' } } }, 'expected an object with preToolUse'],
  [{ hooks: {}, transport: () => {} }, 'expected hooks or transport, got both'],
  [{ hooks: {}, launchArgsOverride: ['x'] }, 'expected hooks or launchArgsOverride, got both'],
  [{ hooks: {}, configOverrides: ['hooks.Stop=[]'] }, 'expected hooks or hooks in configOverrides, got both'],
])('hooks that cannot be meant are refused: %j', (config, text) => {
  expect(() => new Codex(config as never)).toThrow(text);
});
