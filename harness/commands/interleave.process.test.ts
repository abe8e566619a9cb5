import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultFolders } from '../run/folders.ts';
import { loadScenarios } from '../scenario/index.ts';
import type { Terminal } from './context.ts';
import { interleaveScenarios } from './interleave.ts';

const { repository } = defaultFolders();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interleave-'));
});
afterAll(() => rm(folder, { recursive: true }));

const same = (text: string) => text;
function terminal(signal = new AbortController().signal) {
  const lines: string[] = [];
  const say = (...said: string[]) => void lines.push(...said);
  const paint = { red: same, green: same, dim: same } as Terminal['paint'];
  return {
    lines,
    out: say,
    note: say,
    status: () => undefined,
    live: false,
    command: () => undefined,
    paint,
    signal,
  } as Terminal & {
    lines: string[];
  };
}
const scenario = 'turns/streamed-deltas';

test('a client that drops what comes before the answer to turn/start is found, with the shortest order', async () => {
  const file = path.join(repository, 'sdk/rpc/turn-router.ts');
  const text = await readFile(file, 'utf8');
  const bug = text.replace('places.get(turnId) ?? (log.number > number ? log.pin : undefined)', 'places.get(turnId)');
  expect(bug).not.toBe(text);
  const said = terminal();
  const json = path.join(folder, 'found.json');
  const args = { scenario, count: '8', out: folder, json };
  expect(await interleaveScenarios(args, said, new Map([[file, bug]]))).toBe(1);
  expect(said.lines).toContain('  what comes early: turn/started');
  expect(said.lines.at(-1)).toBe('0 passed, 1 failed');
  const [found] = await loadScenarios(folder);
  expect(found).toMatchObject({ id: 'interleave/turns-streamed-deltas' });
  const repeat = said.lines.find((line) => line.startsWith('  again: '));
  const order = / --order (\S+)$/.exec(repeat ?? '')?.[1];
  expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
    scenarios: [{ scenario, findings: [{ order: order?.split(',').map(Number) }] }],
  });
  // Ours passes in the same order.
  expect(await interleaveScenarios({ scenario, order, out: folder }, terminal())).toBe(0);
  // Two bundles of the SDK, and some forty plays of each client.
}, 180_000);

test('an interrupted run ends with what it has', async () => {
  const said = terminal(AbortSignal.abort());
  expect(await interleaveScenarios({ scenario, count: '2', out: folder }, said)).toBe(1);
  expect(said.lines).toContain('interrupted: what was played until then');
});

test('wrong arguments are refused before anything runs', async () => {
  const refused = (args: object) => interleaveScenarios({ out: folder, ...args }, terminal());
  await expect(refused({ scenario: 'no/such' })).rejects.toThrow('no scenario matches no/such');
  await expect(refused({ order: '0,1' })).rejects.toThrow('--order is an order of one scenario');
  await expect(refused({ scenario, order: '0,0' })).rejects.toThrow('expected each number from 0 once');
  await expect(refused({ seed: 'x' })).rejects.toThrow('whole number');
  await expect(refused({ shard: '3/2' })).rejects.toThrow('I/N');
});
