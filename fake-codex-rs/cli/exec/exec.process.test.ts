import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../exact-json.ts';
import { buildFake } from '../../test-fixtures/run-fake.ts';
import { type SideEnd, type SideRuns, sideRuns } from '../../test-fixtures/run-side.ts';

let runs: SideRuns;
let folder: string;
beforeAll(buildFake);
beforeEach(() => {
  runs = sideRuns();
  folder = mkdtempSync(join(tmpdir(), 'fake-exec-'));
});
afterEach(async () => {
  await runs.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const free = '--skip-git-repo-check';
const exec = (script: JsonObject[], argv: string[], stdin = ''): Promise<SideEnd> =>
  runs.run({ script }, ['exec', '--experimental-json', ...argv], stdin).ended;
const events = ({ stdout }: SideEnd) =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonObject);
const ref = (path: string) => `\${${path}}`;
const thread = '01900000-0000-7000-8000-000000000001';

test('what was received can be expected, and events are completed', async () => {
  const schema = join(folder, 'schema.json');
  writeFileSync(schema, '{"type":"object"}');
  const last = join(folder, 'last.txt');
  const argv = [
    ...['--model', 'm', '-s=read-only', '--cd', folder, '--add-dir', '/a', '--add-dir=/b', free, '-o', last],
    ...['--output-schema', schema, '--config', 'approval_policy="never"', '-c', 'x.y=[1]', '--thread-source', 'tests'],
    ...['--image', 'a.png', '--image', 'b.png,c.png'],
  ];
  const params = {
    prompt: 'from stdin',
    stdin: 'from stdin',
    model: 'm',
    sandbox: 'read-only',
    cd: folder,
    addDir: ['/a', '/b'],
    skipGitRepoCheck: true,
    outputSchema: schema,
    schema: { type: 'object' },
    config: { approval_policy: 'never', 'x.y': [1] },
    threadSource: 'tests',
    images: ['a.png', 'b.png', 'c.png'],
    resume: { $absent: true },
    argv: ['--experimental-json', ...argv],
  };
  const call = { type: 'command_execution', command: 'ls' };
  const end = await exec(
    [
      { expect: 'exec', params },
      { send: 'thread.started' },
      { send: 'turn.started' },
      { send: 'item.started', params: { item: call } },
      { send: 'item.completed', params: { item: { ...call, exit_code: 0 } } },
      { send: 'item.completed', params: { item: { text: `you said ${ref('exec.params.prompt')}` } } },
      { send: 'turn.completed', params: { usage: { input_tokens: 7 } } },
    ],
    argv,
    'from stdin',
  );
  expect(events(end)).toEqual([
    { type: 'thread.started', thread_id: thread },
    { type: 'turn.started' },
    { type: 'item.started', item: { id: 'item_0', ...call, aggregated_output: '', status: 'in_progress' } },
    {
      type: 'item.completed',
      item: { id: 'item_0', ...call, aggregated_output: '', status: 'completed', exit_code: 0 },
    },
    { type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text: 'you said from stdin' } },
    { type: 'turn.completed', usage: { input_tokens: 7, cached_input_tokens: 0, output_tokens: 0 } },
  ]);
  expect(end).toMatchObject({ code: 0, stderr: 'Reading prompt from stdin...\n' });
  expect(readFileSync(last, 'utf8')).toBe('you said from stdin');
  expect(runs.marks()).toEqual([]);
});

test('argument and pipe become one prompt; resume reads nothing beside an argument', async () => {
  const seen = async (argv: string[], stdin: string) => {
    const script = [
      { send: 'item.completed', params: { item: { type: 'error', message: ref('exec.params.prompt') } } },
      { send: 'thread.started' },
    ];
    const [item, started] = events(await runs.fresh().run({ script }, ['exec', '--json', free, ...argv], stdin).ended);
    return [(item?.item as JsonObject | undefined)?.message, started?.thread_id];
  };
  expect(await seen(['arg'], 'piped')).toEqual(['arg\n\n<stdin>\npiped\n</stdin>', thread]);
  expect(await seen(['arg'], ' \n')).toEqual(['arg', thread]);
  expect(await seen(['-'], '\ufeffx\n')).toEqual(['x\n', thread]);
  const other = '01900000-0000-7000-8000-0000000000ff';
  expect(await seen(['resume', other, 'arg'], 'piped')).toEqual(['arg', other]);
  expect(await seen(['resume', other], 'piped')).toEqual(['piped', other]);
  expect(await seen(['resume', '--last', 'arg'], 'piped')).toEqual(['arg', thread]);
});

test('refuses what the engine refuses, with its words and codes', async () => {
  const outcome = async (...argv: string[]) => {
    const { code, stderr } = await runs.fresh().run({ script: [{ start: 2 }] }, ['exec', ...argv], '', folder).ended;
    return [code, stderr.split('\n').filter((line) => !line.startsWith('Reading '))[0]];
  };
  expect(await outcome('--json', '--bogus', 'x')).toEqual([2, "error: unexpected argument '--bogus' found"]);
  expect(await outcome('--json', 'a', 'b')).toEqual([2, "error: unexpected argument 'b' found"]);
  expect(await outcome('--json', '--json', 'a')).toEqual([
    2,
    "error: the argument '--json' cannot be used multiple times",
  ]);
  expect(await outcome('--json', '--sandbox', 'weird', 'x')).toEqual([
    2,
    "error: invalid value 'weird' for '--sandbox <SANDBOX_MODE>'",
  ]);
  expect(await outcome('--json', 'resume', thread, '--cd', '/')).toEqual([
    2,
    "error: unexpected argument '--cd' found",
  ]);
  expect(await outcome('--json', 'x')).toEqual([
    1,
    'Not inside a trusted directory and --skip-git-repo-check was not specified.',
  ]);
  expect(await outcome('--json', free, '--output-schema', 'none.json', 'x')).toEqual([
    1,
    'Failed to read output schema file none.json: No such file or directory (os error 2)',
  ]);
  expect(await outcome('--json', free)).toEqual([1, 'No prompt provided via stdin.']);
  const unknown = await runs.fresh().run({}, ['exec', '--json', free, 'resume', thread, 'x'], '').ended;
  expect(unknown).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`no rollout found for thread id ${thread}`),
  });
  expect(runs.marks()).toEqual([]);
});

test('a failed turn leaves with 1, unless the script says how', async () => {
  const failed = [{ send: 'turn.started' }, { send: 'turn.failed', params: { error: { message: 'no' } } }];
  expect(await exec(failed, [free, 'x'])).toMatchObject({ code: 1 });
  expect(
    await runs.fresh().run({ script: [...failed, { exit: 0 }] }, ['exec', '--json', free, 'x'], '').ended,
  ).toMatchObject({
    code: 0,
  });
});

test('misses are told, and end the run at once', async () => {
  const end = await exec([{ expect: 'exec', params: { prompt: 'this' } }, { send: 'thread.started' }], [free, 'that']);
  const text =
    'the client sent exec, which no remaining step of the script expects; the nearest is step 1 (expect exec): at /params/prompt expected "this", got "that"';
  expect(end).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`script miss: ${text}`) });
  expect(runs.marks()).toEqual([text]);
  expect(await exec([{ expect: 'exec' }], [free, 'again'])).toMatchObject({ code: 1 });
  expect(runs.marks()[1]).toBe('the client starts the engine 2 times; the script does so 1 times');
});

test('an event that breaks its form must say that it is wrong', async () => {
  const weird = { send: 'item.completed', params: { item: { type: 'mystery', id: 7 } } };
  expect(await exec([weird], [free, 'x'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Or say wrong: true\./),
  });
  const end = await runs
    .fresh()
    .run({ script: [{ ...weird, wrong: true }, { raw: 'no json\n' }] }, ['exec', '--json', free, 'x'], '').ended;
  expect(end.stdout).toBe('{"type":"item.completed","item":{"id":7,"type":"mystery"}}\nno json\n');
});

test.each([
  ['SIGINT', { code: 1, signal: null }],
  ['SIGTERM', { code: null, signal: 'SIGTERM' }],
  ['SIGHUP', { code: null, signal: 'SIGHUP' }],
] as const)('%s ends a run as it ends the engine', async (signal, end) => {
  const script = [{ send: 'thread.started' }, { hang: 'until-closed' }];
  const run = runs.run({ script }, ['exec', '--json', free, 'x'], '');
  await run.said;
  run.kill(signal);
  expect(await run.ended).toMatchObject(end);
  expect(runs.marks()).toEqual([]);
});

test('reading: paused as the first step: speaks first, and may leave without having read', async () => {
  const first = await exec(
    [
      { reading: 'paused' },
      { send: 'thread.started' },
      { reading: 'resumed' },
      { expect: 'exec', params: { prompt: 'later' } },
      { send: 'turn.completed' },
    ],
    [free],
    'later',
  );
  expect([first.code, ...events(first).map(({ type }) => type)]).toEqual([0, 'thread.started', 'turn.completed']);
  const unread = await runs.fresh().run({ script: [{ reading: 'paused' }, { exit: 2 }] }, ['exec', '--json', free], '')
    .ended;
  expect([unread.code, unread.stderr]).toEqual([2, '']);
});

/** The lines of a golden of two runs: one that is killed in its turn, one that resumes its thread and fails. */
const golden = [
  { kind: 'golden', schemaVersion: 1 },
  { ch: 'argv', body: { argv: ['<engine>', 'exec'], run: 1 } },
  { ch: 'wire.out', body: { raw: 'hi', run: 1 } },
  { ch: 'stderr', body: { text: 'reading', run: 1 } },
  { ch: 'wire.in', body: { msg: { type: 'thread.started', thread_id: '<thread:1>' }, run: 1 } },
  { ch: 'exit', body: { code: null, signal: 'SIGTERM', run: 1 } },
  { ch: 'argv', body: { argv: ['<engine>', 'exec', 'resume', '<thread:1>'], run: 2 } },
  { ch: 'wire.in', body: { msg: { type: 'turn.failed' }, run: 2 } },
  { ch: 'exit', body: { code: '<failed>', signal: null, run: 2 } },
].map((line, index) => (index === 0 ? line : { lane: '', key: '', ...line }));

test('a golden is played run by run, whatever the arguments; only another thread is refused', async () => {
  const file = join(folder, 'golden.jsonl');
  writeFileSync(file, golden.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const options = { golden: file, seed: 's', moment: 0 };
  const first = runs.run(options, ['exec', '--json', '--model', 'other'], 'hi');
  await first.said;
  first.kill('SIGTERM');
  const killed = await first.ended;
  expect(killed).toMatchObject({ code: null, signal: 'SIGTERM', stderr: 'reading\n' });
  const id = String(events(killed)[0]?.thread_id);
  const second = await runs.run(options, ['exec', '--json', 'resume', id], 'hi').ended;
  expect([second.code, ...events(second)]).toEqual([1, { type: 'turn.failed' }]);
  const third = await runs.run(options, ['exec', '--json'], 'hi').ended;
  expect([third.code, third.stderr]).toEqual([1, expect.stringContaining('3 times; the golden does so 2 times')]);
});

test('of a golden that resumes a thread, another thread is refused in the words of the engine', async () => {
  const file = join(folder, 'golden.jsonl');
  writeFileSync(file, golden.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const options = { golden: file, seed: 's', moment: 0 };
  const first = runs.run(options, ['exec', '--json'], 'hi');
  await first.said;
  first.kill('SIGTERM');
  await first.ended;
  const other = await runs.run(options, ['exec', '--json', 'resume', thread], 'hi').ended;
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining(`no rollout found for thread id ${thread}`)]);
});
