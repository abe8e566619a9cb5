import { afterEach, expect, test, vi } from 'vitest';
import { EngineProcesses } from './engine-processes.ts';
import type { ProcessEntry } from './process-entry.ts';

/** The machine's processes, as a test has them; a signal takes what it says it takes. */
let machine: ProcessEntry[] | undefined = [];
vi.mock('./process-list.ts', () => ({
  listProcesses: async () => machine?.slice(),
  isSame: async ({ pid, start }: ProcessEntry) =>
    machine?.some((one) => one.pid === pid && one.start === start) ?? false,
}));
const signals: [number, unknown][] = [];
vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
  signals.push([pid, signal]);
  machine = machine?.filter((one) => one.pid !== pid);
  return true;
});
afterEach(() => {
  machine = [];
  signals.length = 0;
});

const entry = (pid: number, parent: number, environment = '', start = `s${pid}`): ProcessEntry => ({
  pid,
  parent,
  start,
  environment,
});
const engine = entry(10, process.pid);

test('what was below the engine is ended, whoever is its parent now, and what is below that', async () => {
  const processes = new EngineProcesses();
  machine = [engine, entry(11, 10), entry(12, 11), entry(99, 1)];
  await processes.note(10);
  machine = [entry(12, 1), entry(13, 12), entry(99, 1)];
  await processes.endAll();
  expect(signals).toEqual([
    [12, 'SIGTERM'],
    [13, 'SIGTERM'],
  ]);
});

test('a process that has got the id of one of them is another process', async () => {
  const processes = new EngineProcesses();
  machine = [engine, entry(11, 10)];
  await processes.note(10);
  machine = [entry(11, 1, '', 'later')];
  await processes.endAll();
  expect(signals).toEqual([]);
});

test('whose id is not that of a child of this program is no engine: its children are nobody’s to end', async () => {
  const processes = new EngineProcesses();
  machine = [entry(10, 1), entry(11, 10)];
  await processes.note(10);
  machine = [entry(11, 1)];
  await processes.endAll();
  expect(signals).toEqual([]);
});

test('the mark is found beside those of outer engines, and another engine has another', async () => {
  const [own, other] = [new EngineProcesses(), new EngineProcesses()];
  const outer = own.marked({});
  const both = other.marked({ ...outer, A: '1' });
  expect(both.A).toBe('1');
  const environment = (env: NodeJS.ProcessEnv) =>
    Object.entries(env)
      .map(([key, value]) => `${key}=${value}`)
      .join('\0');
  machine = [entry(20, 1, environment(outer)), entry(21, 1, environment(both)), entry(22, 1, 'TWINPROOF_ENGINE=x')];
  await other.endAll();
  expect(signals.map(([pid]) => pid)).toEqual([21]);
  await own.endAll();
  expect(signals.map(([pid]) => pid)).toEqual([21, 20]);
});

test('commands are ended by what their environment says, and only those of this engine', async () => {
  const processes = new EngineProcesses();
  const mark = String(Object.values(processes.marked({}))[0]);
  machine = [entry(30, 10, `${mark} CALL=a`), entry(31, 10, `${mark} CALL=b`), entry(32, 30), entry(33, 1, 'CALL=a')];
  await processes.endCommands((environment) => environment.includes('CALL=a'));
  expect(signals.map(([pid]) => pid)).toEqual([30, 32]);
});

test('where the system cannot be asked, nothing is ended', async () => {
  const processes = new EngineProcesses();
  machine = undefined;
  await processes.note(10);
  await processes.endAll();
  expect(signals).toEqual([]);
});
