import { access, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClientId } from '../clients/clients.ts';
import { loadContract } from '../contract/load-contract.ts';
import { writeGolden } from '../golden/golden-file.ts';
import { normalise } from '../normalise/normalise.ts';
import { readObservation } from '../observation/observation-file.ts';
import { FinishedCells } from './finished-cells.ts';
import { defaultFolders, type Folders, removeCells } from './folders.ts';
import { Session, type SessionOptions } from './session.ts';

const driver = fileURLToPath(new URL('test-fixtures/telling-driver.mjs', import.meta.url));
const real = { path: process.execPath, version: '2.0.0', sha256: 'of-real' };
const other = { path: process.execPath, version: '3.0.0', sha256: 'of-other' };
const pinned = { version: '1.0.0', sha256: 'of-pin' };

// As crowded in every run.
vi.mock('./deadline.ts', () => ({ deadlineOf: ({ deadlineMs = 20_000 }) => 2 * deadlineMs }));

let folder: string;
let folders: Folders;
const open: Session[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'session-'));
  folders = { ...defaultFolders(path.join(folder, 'out')), goldens: path.join(folder, 'golden') };
});
afterEach(async () => {
  for (const session of open.splice(0)) await session.close();
  await removeCells(folders);
  await rm(folder, { recursive: true });
});

/** Drivers of all clients are the one that tells what it was asked. */
async function session(options: Partial<SessionOptions> = {}) {
  const drivers = (client: ClientId) => ({ client, file: process.execPath, args: [driver, client] });
  const made = await Session.open({
    ...{ folders, engine: real, others: new Map([['3.0.0', other]]), pinned, python: undefined, secrets: [], drivers },
    ...options,
  });
  open.push(made);
  return made;
}

const plan = (title = 'done', over: object = {}, scenario: object = {}) =>
  ({
    scenario: {
      ...{ id: 'turns/told', title, family: 'app-server', covers: [], steps: [], script: [] },
      ...{ file: '/f.yaml', idLine: 1, stepLines: [], expandedFrom: '/e.yaml' },
      ...scenario,
    },
    ...{ client: 'ts', engine: 'fake', round: 1, ...over },
  }) as never;

interface Told {
  run: string;
  scenario: object;
  codexBin: string;
  env: Record<string, string>;
  workspace: string;
  control: string;
  driver: number;
  sees: string[];
  engine?: string;
}
const toldIn = (lines: readonly object[]) => {
  const line = lines.find((one) => 'method' in one && one.method === 'told');
  return (line as { payload: Told } | undefined)?.payload;
};

test('what a cell shows is written as it is returned, and its header says of whom and of what it is', async () => {
  const one = await session();
  const { observation, raw } = await one.observe(plan('notes', { round: 2 }));
  const { paths } = observation.header;
  expect(observation.header).toEqual({
    ...{ kind: 'observation', schemaVersion: 1, scenario: 'turns/told', client: 'ts', clientVersion: '1.2.3' },
    clientInfo: { name: 'own', title: 'Own', version: '4' },
    ...{ engine: 'fake', engineVersion: '1.0.0', engineSha256: 'of-pin', notes: ['a note'] },
    ...{ platform: `${process.platform}-${process.arch}`, paths: expect.any(Object) },
  });
  expect(path.relative(folders.raw, raw)).toBe(path.join('turns', 'told', 'ts.fake.2.jsonl'));
  expect(await readObservation(raw)).toEqual(observation);
  const told = toldIn(observation.lines);
  expect(told).toMatchObject({ run: 'turns/told#2', codexBin: paths.launcher, workspace: paths.workspace });
  expect(told?.control).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  expect(told?.env).toMatchObject({ HOME: paths.home, CODEX_HOME: paths.codexHome });
  // Nothing of where a scenario comes from concerns a driver.
  expect(Object.keys(told?.scenario ?? {}).sort()).toEqual([
    'covers',
    'deadlineMs',
    'family',
    'id',
    'script',
    'steps',
    'title',
  ]);
  expect(path.dirname(paths.root)).toBe(folders.cells);
  await expect(access(paths.root)).rejects.toThrow('ENOENT');
});

test.each([
  ['the real engine', { engine: 'real' }, '2.0.0', 'of-real', 'ts.real.jsonl'],
  ['another one', { engine: 'real', engineVersion: '3.0.0' }, '3.0.0', 'of-other', 'ts.real-3.0.0.jsonl'],
  ['the fake one', { engine: 'fake' }, '1.0.0', 'of-pin', 'ts.fake.jsonl'],
])('on %s, the header names it, and so does the file', async (_, on, version, sha256, file) => {
  const { observation, raw } = await (await session()).observe(
    plan('done', on, { script: undefined, model: [], ...(on.engine === 'fake' && { script: [] }) }),
  );
  expect(observation.header).toMatchObject({ engine: on.engine, engineVersion: version, engineSha256: sha256 });
  expect(path.basename(raw).replace('@', '-')).toBe(file);
});

test('without an engine for the platform, and without a golden, the cell says so', async () => {
  const one = await session({ engine: undefined });
  const { scenario } = plan() as { scenario: object };
  await writeGolden(path.join(folders.goldens, 'turns/told.jsonl'), normalise((await one.observe(plan())).observation));
  expect(await one.run({ scenario, client: 'ts', engine: 'real', round: 1 } as never)).toMatchObject({
    ...{ verdict: 'could-not-run', unexplained: [], known: [], fired: {}, durationMs: expect.any(Number) },
    reason: expect.stringContaining('there is no real engine for this platform'),
  });
});

test('a cell that ran is judged, and tells where its raw observation is and how long it took', async () => {
  const one = await session();
  const first = await one.observe(plan());
  await writeGolden(path.join(folders.goldens, 'turns/told.jsonl'), normalise(first.observation));
  const seen: object[] = [];
  const result = await one.run(plan(), (observation) => void seen.push(observation));
  expect(result).toMatchObject({
    ...{ scenario: 'turns/told', client: 'ts', engine: 'fake', round: 1, raw: 'raw/turns/told/ts.fake.jsonl' },
    // The golden is of no official client.
    baseline: true,
    fired: expect.any(Object),
  });
  expect(['match', 'mismatch', 'baseline']).toContain(result.verdict);
  expect(result.durationMs).toBeGreaterThanOrEqual(0);
  expect(seen).toHaveLength(1);
  expect([...one.normalised.keys()]).toHaveLength(1);
});

test('a cell on another engine is judged by the run of its reference there, by that engine’s contract', async () => {
  const contract = await loadContract();
  const one = await session({ present: ['ts'], contracts: new Map([['3.0.0', contract]]) });
  await writeGolden(path.join(folders.goldens, 'turns/told.jsonl'), normalise((await one.observe(plan())).observation));
  const on = { engine: 'real', engineVersion: '3.0.0' };
  const result = await one.run(plan('done', on, { script: undefined, model: [] }));
  expect(result).toMatchObject({ ...on, reference: 'ts', unexplained: [], drift: expect.any(Array) });
  expect((await one.checkerOf(plan('done', on))).contract).toBe(contract);
  expect(await one.checkerOf(plan())).toBe(one.checker);
});

test.each([
  ['dies', 'out of order', true],
  ['fails', 'no luck', true],
])(
  'a driver that %s: the cell could not run, having begun, and what was seen until then is kept',
  async (title, says, began) => {
    const one = await session();
    await writeGolden(
      path.join(folders.goldens, 'turns/told.jsonl'),
      normalise((await one.observe(plan())).observation),
    );
    const result = await one.run(plan(title));
    expect(result).toMatchObject({ verdict: 'could-not-run', began, reason: expect.stringContaining(says) });
    expect(result.raw).toBeUndefined();
    const kept = await readObservation(path.join(folders.raw, 'turns/told/ts.fake.jsonl'));
    expect(toldIn(kept.lines)?.run).toBe('turns/told#1');
    // The next cell has a driver that works.
    expect(toldIn((await one.observe(plan())).observation.lines)?.run).toBe('turns/told#1');
  },
);

test('a cell whose engine cannot be opened has not begun, and nothing of it is left', async () => {
  const one = await session();
  const opened = one.observe(plan('done', {}, { script: undefined }));
  await expect(opened).rejects.toMatchObject({
    ...{ name: 'CouldNotRunError', began: false },
    message: expect.stringMatching(/^cannot open the fake engine's cell for turns\/told: .*expected the golden/),
    cause: expect.any(Error),
  });
});

test('the signal of a run ends a cell that hangs, with its driver and its folder', async () => {
  const stop = new AbortController();
  const one = await session({ signal: stop.signal });
  await writeGolden(path.join(folders.goldens, 'turns/told.jsonl'), normalise((await one.observe(plan())).observation));
  const running = one.run(plan('hangs'));
  // The cell's folder is there once it runs.
  while ((await readdir(folders.cells)).filter((name) => name !== 'skills').length === 0)
    await new Promise((resolve) => setImmediate(resolve));
  stop.abort(new Error('enough'));
  expect(await running).toMatchObject({ verdict: 'could-not-run', reason: expect.stringContaining('enough') });
  expect((await readdir(folders.cells)).filter((name) => name !== 'skills')).toEqual([]);
});

test('a cell that an earlier run has finished is read; one that it has not is run, and listed as soon as it ends', async () => {
  await mkdir(folders.out, { recursive: true });
  const first = await session({ finished: await FinishedCells.open(folders.out, 'd', false) });
  const ran = await first.observe(plan());
  expect(await readFile(path.join(folders.out, 'finished.txt'), 'utf8')).toBe('d raw/turns/told/ts.fake.jsonl\n');
  const next = await session({ finished: await FinishedCells.open(folders.out, 'd', true) });
  const again = await next.observe(plan());
  expect(again).toEqual(ran);
  const fresh = await next.observe(plan('done', { round: 2 }));
  expect(toldIn(fresh.observation.lines)?.run).toBe('turns/told#2');
  // A driver that fails has finished nothing.
  await expect(next.observe(plan('fails', { round: 3 }))).rejects.toThrow('no luck');
  expect((await readFile(path.join(folders.out, 'finished.txt'), 'utf8')).trimEnd().split('\n')).toEqual([
    'd raw/turns/told/ts.fake.jsonl',
    'd raw/turns/told/ts.fake.2.jsonl',
  ]);
});

test('one driver serves all cells of its client, one after the other; each client has its own', async () => {
  const one = await session();
  const pids: (number | undefined)[] = [];
  for (const client of ['ts', 'ts', 'bare'])
    pids.push(toldIn((await one.observe(plan('done', { client }))).observation.lines)?.driver);
  expect(pids[0]).toBe(pids[1]);
  expect(pids[2]).not.toBe(pids[0]);
  await one.close();
  expect(() => process.kill(pids[0] as number, 0)).toThrow('ESRCH');
  await expect(one.observe(plan())).rejects.toThrow();
});

test('a guest has ten seconds for a step, unless the scenario says otherwise; others have twenty; all times how crowded it is', async () => {
  const one = await session({ guest: { id: 'mine', command: `'${process.execPath}' '${driver}' mine` } as never });
  const deadline = async (client: string, scenario: object = {}) => {
    const told = toldIn((await one.observe(plan('done', { client }, scenario))).observation.lines);
    return (told?.scenario as { deadlineMs?: number } | undefined)?.deadlineMs;
  };
  expect(await deadline('mine')).toBe(20_000);
  expect(await deadline('mine', { deadlineMs: 1000 })).toBe(2000);
  expect(await deadline('ts')).toBe(40_000);
});

test('a driver sees nothing of the caller’s environment, and the engine of its cell has the version of the pin', async () => {
  vi.stubEnv('SECRET_OF_CALLER', 'x');
  const one = await session();
  const told = toldIn((await one.observe(plan('asks'))).observation.lines);
  vi.unstubAllEnvs();
  expect(told?.sees).not.toContain('SECRET_OF_CALLER');
  expect(told?.sees).toContain('PATH');
  expect(told?.engine?.trim()).toBe('codex-cli 1.0.0');
});
