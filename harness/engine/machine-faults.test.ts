import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { machineFaults, slowEnds } from './machine-faults.ts';
import type { WireRecord } from './wire-log.ts';
import { nowNs } from './wire-log.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'machine-faults-'));
});
afterEach(() => rm(root, { recursive: true }));

const scenario: Scenario = { id: 's/s', title: 'S', family: 'app-server', covers: [], steps: [] };
const second = 1e9;
const spawn = (pid: number, ...words: string[]): WireRecord => ({
  ...{ t: 0, pid, ch: 'spawn', tee: pid + 1, env: {} },
  argv: ['/codex', ...words],
});
const said = (pid: number, t: number): WireRecord => ({ t, pid, ch: 'in', text: '{}' });
const exit = (pid: number, t: number): WireRecord => ({ t, pid, ch: 'exit', code: 0, signal: null });
const kill: ObservationLine = { t: 2, ch: 'mark', mark: 'killed SIGKILL' };
const server = [spawn(1, 'app-server'), said(1, second)];

test.each<[string, WireRecord[], number, ObservationLine[], Partial<Scenario>, number]>([
  ['the client gave up waiting', server, 3.1, [], {}, 1],
  ['the client killed it at once', server, 1.1, [], {}, 0],
  ['it ended by itself', [...server, exit(1, 3 * second)], 3.1, [], {}, 0],
  ['the scenario killed it', server, 3.1, [kill], {}, 0],
  ['the scenario killed one of two', [...server, spawn(5, 'app-server'), said(5, second)], 3.1, [kill], {}, 1],
  ['the script ignores the end', server, 3.1, [], { script: [{ hang: 'for-ever' }] as never }, 0],
  ['a run of exec was aborted', [spawn(1, 'exec'), said(1, second)], 3.1, [], {}, 0],
  [
    'it was left behind, which shows by itself',
    server,
    3.1,
    [{ t: 4, ch: 'rest', processes: ['x'], files: [] }],
    {},
    0,
  ],
])('%s', (_, records, closed, lines, over, count) => {
  expect(slowEnds({ scenario: { ...scenario, ...over }, records, lines, closedAt: closed * second })).toHaveLength(
    count,
  );
});

test('an engine that the client waited for shorter than its patience is never the machine’s fault', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }), (last, waited) => {
      const records = [spawn(1, 'app-server'), said(1, last * 1e6)];
      const found = slowEnds({ scenario, records, lines: [], closedAt: (last + waited) * 1e6 });
      expect(found.length).toBe(waited >= 1500 ? 1 : 0);
    }),
  );
});

const faults = (lines: ObservationLine[], over: Partial<Scenario> = {}) =>
  machineFaults({ scenario: { ...scenario, ...over }, root, lines, records: [], openedAt: nowNs(), closedAt: 0 });

test.each([
  ['thread main panicked: No space left on device (os error 28)'],
  ['ENOSPC: no space left on device, write'],
  ['error returned from database: (code: 13) database or disk is full'],
])('a full disk is told from what was said: %s', async (text) => {
  expect(await faults([{ t: 1, ch: 'stderr', text }])).toEqual([
    expect.stringMatching(/^the disk was full: a line of stderr says /),
  ]);
  expect(await faults([{ t: 1, ch: 'stderr', text }], { title: `What happens at ${text}` })).toEqual([]);
});

test('an engine that the system cannot start is told with its cause', async () => {
  const detail = 'spawn /codex EAGAIN';
  expect(await faults([{ t: 1, ch: 'mark', mark: 'engine not started', detail }])).toEqual([
    'the engine was not started: spawn /codex EAGAIN',
  ]);
  expect(await faults([{ t: 1, ch: 'stderr', text: 'all is well' }])).toEqual([]);
});

test('a full disk is a fault of every cell that ran at that time on it, and of no other', async () => {
  const room = 1e9;
  const cell = (openedAt: number, free: number, device = -1) =>
    machineFaults({ scenario, root, lines: [], records: [], openedAt, closedAt: 0 }, async () => ({ device, free }));
  const before = nowNs();
  expect(await cell(before, room)).toEqual([]);
  expect(await cell(before, 0)).toEqual([`the disk of the cell is full: 0 bytes are free in ${root}`]);
  expect(await cell(before, room)).toEqual([
    'the disk was full for a while: a cell that ran at the same time found it so',
  ]);
  expect(await cell(before, room, -2)).toEqual([]);
  expect(await cell(nowNs(), room)).toEqual([]);
});
