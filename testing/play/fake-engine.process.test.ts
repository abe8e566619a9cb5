import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { TransportClosedError } from '../../sdk/index.ts';
import { fakeEngine } from './fake-engine.ts';
import { PlayError } from './play-report.ts';
import type { ScriptStep } from './script-types.ts';

const turn = (text: string): ScriptStep[] => [
  { answer: 'turn/start' },
  { send: 'item/completed', params: { item: { type: 'agentMessage', text } } },
  { send: 'turn/completed' },
];

test('a turn by a script, told in full, and nothing left', async () => {
  const engine = await fakeEngine([
    { auto: ['thread/start'] },
    { expect: 'turn/start', params: { input: [{ type: 'text', text: 'hi' }] } },
    ...turn('All good.'),
  ]);
  const { codexBin } = engine;
  const thread = await engine.codex().threadStart();
  expect((await thread.run('hi')).finalResponse).toBe('All good.');
  const report = await engine.finish();
  expect(report.starts).toBe(1);
  const methods = (messages: unknown[]) => messages.map((message) => (message as { method?: string }).method);
  expect(methods(report.sent)).toEqual(['initialize', 'initialized', 'thread/start', 'turn/start']);
  expect(methods(report.said).slice(-2)).toEqual(['item/completed', 'turn/completed']);
  await expect(access(dirname(codexBin))).rejects.toThrow('ENOENT');
});

test('latches pin the moment in both directions', async () => {
  await using engine = await fakeEngine([
    { auto: ['thread/start'] },
    { expect: 'turn/start' },
    { answer: 'turn/start' },
    { send: 'item/agentMessage/delta', params: { delta: 'Hel' } },
    { hold: 'crash' },
    { exit: 3 },
  ]);
  const handle = await (await engine.codex().threadStart()).turn('hi');
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { method } of handle.stream()) seen.push(method);
  })();
  const failed = expect(reading).rejects.toThrow(TransportClosedError);
  await engine.reached('crash');
  engine.release('crash');
  await failed;
  expect(seen).toEqual(['item/agentMessage/delta']);
  await engine.finish();
});

test('one request too many fails, with the nearest match', async () => {
  const engine = await fakeEngine([{ auto: ['thread/start'] }, { expect: 'turn/start', params: { threadId: 'x' } }]);
  const codex = engine.codex();
  const thread = await codex.threadStart();
  await expect(thread.run('hi')).rejects.toThrow('no remaining step of the script expects');
  const failure = (await engine.finish().catch((error: unknown) => error)) as PlayError;
  expect(failure).toBeInstanceOf(PlayError);
  expect(failure.problems).toHaveLength(2);
  expect(failure.message).toMatch(
    /The script of the fake engine and the client do not agree:\n- the client sent turn\/start/,
  );
  expect(failure.message).toMatch(
    /nearest is step 2 \(expect turn\/start\): at \/params\/threadId expected "x", got ".+"/,
  );
  expect(failure.report.sent).toHaveLength(4);
});

test('a script that is not played to its end fails: never started, left early, started too seldom', async () => {
  const problems = async (script: ScriptStep[], connect: boolean) => {
    const engine = await fakeEngine(script);
    if (connect) await engine.codex().connect();
    const failure = await engine.finish().catch((error: unknown) => error);
    return (failure as PlayError).problems;
  };
  expect(await problems([{ expect: 'model/list' }], false)).toEqual(['the client has never started the engine']);
  expect(await problems([{ expect: 'model/list' }], true)).toEqual([
    'the client has ended the engine, but the script still waits at step 1 (expect model/list)',
  ]);
  expect(await problems([{ auto: ['model/list'] }, { start: 2 }, { auto: ['model/list'] }], true)).toEqual([
    'the client started the engine 1 times; the script does so 2 times',
  ]);
});

test('another program may be the client; one that does not end its engine is told', async () => {
  const engine = await fakeEngine([{ auto: ['thread/start'] }]);
  const other = spawn(engine.codexBin, ['app-server'], { stdio: ['pipe', 'pipe', 'inherit'] });
  other.stdin.write('{"id":1,"method":"initialize","params":{"clientInfo":{"name":"other","version":"1"}}}\n');
  await once(other.stdout, 'data');
  const exited = once(other, 'exit');
  await expect(engine.finish()).rejects.toThrow(/got process \d+, which still runs\. Close its client first/);
  await exited;
});

test.each(['close', 'dispose'] as const)(
  '%s ends an engine that its client has left running, and its folder',
  async (by) => {
    const engine = await fakeEngine([{ auto: ['thread/start'] }], { workspace: '/elsewhere' });
    const [folder, own] = [dirname(engine.codexBin), engine.codex()];
    await own.connect();
    const other = spawn(engine.codexBin, ['app-server'], { stdio: ['pipe', 'pipe', 'ignore'] });
    other.stdin.write('{"id":1,"method":"initialize","params":{"clientInfo":{"name":"other","version":"1"}}}\n');
    await once(other.stdout, 'data');
    const exited = once(other, 'exit');
    if (by === 'close') await Promise.all([engine.close(), engine.close()]);
    else await engine[Symbol.asyncDispose]();
    await exited;
    await expect(own.models()).rejects.toThrow();
    await expect(access(folder)).rejects.toThrow('ENOENT');
    await engine.close();
  },
);

test('an engine works where it is told to, otherwise where this process does', async () => {
  for (const [options, cwd] of [
    [{}, process.cwd()],
    [{ workspace: '/elsewhere' }, '/elsewhere'],
  ] as const) {
    await using engine = await fakeEngine([{ auto: ['thread/start'] }], options);
    await engine.codex().threadStart();
    expect(JSON.stringify((await engine.finish()).said)).toContain(`"cwd":"${cwd}"`);
  }
});

test('a test that throws before it closes its engine leaves no folder', async () => {
  const program = `
    import { fakeEngine } from ${JSON.stringify(new URL('fake-engine.ts', import.meta.url).href)};
    const engine = await fakeEngine([{ auto: ['thread/start'] }]);
    await engine.codex().threadStart();
    console.log(engine.codexBin);
    throw new Error('the test failed');`;
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { reject: false },
  );
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('the test failed')]);
  expect(stdout).toMatch(/codex$/);
  await expect(access(dirname(stdout))).rejects.toThrow('ENOENT');
});

test('a script that cannot be played is refused at once', async () => {
  await expect(fakeEngine([{ expect: 'a', parms: 1 } as unknown as ScriptStep])).rejects.toThrow(
    'expected as, params, optional beside expect, got parms (did you mean "params"?).',
  );
});
