import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEngineLock, venvPython } from '../../native/index.ts';
import { processesOf } from '../engine/run-processes.ts';
import { defaultFolders, removeCells } from '../run/folders.ts';
import { Explorer } from './explorer.ts';
import type { ExploredScenario } from './types.ts';

const folders = defaultFolders();
const options = {
  folder: path.join(folders.cells, 'explorer'),
  repository: folders.repository,
  ledger: folders.ledger,
  engineVersion: readEngineLock().pin,
  python: venvPython(folders.repository),
  jobs: 1,
  signal: new AbortController().signal,
};
const players = [{ client: 'python' as const }, { client: 'python-async' as const }, { client: 'ts' as const }];
const base = { id: 'found/one', title: 'One', family: 'app-server' as const, covers: [] };

const turn: ExploredScenario = {
  ...base,
  script: [
    { auto: ['thread/start'] },
    { expect: 'turn/start' },
    { answer: 'turn/start' },
    { send: 'item/completed', params: { item: { text: 'done' } } },
    { send: 'turn/completed' },
  ],
  steps: [
    { call: 'codex.thread_start', as: 't' },
    { call: 't.run', as: 'r', with: { input: 'hi' } },
  ],
};
const silent: ExploredScenario = {
  ...base,
  script: [{ expect: 'thread/start' }, { hang: 'until-closed' }],
  steps: [{ call: 'codex.thread_start', as: 't' }],
};

let explorer: Explorer;
beforeAll(async () => {
  explorer = await Explorer.open(options);
});
afterAll(async () => {
  await explorer.close();
  await removeCells(folders);
});

test('clients that do the same are the same, and nothing is left', async () => {
  const { verdict, plays } = await explorer.explore({ scenario: turn, players, observations: true });
  expect(verdict).toBe('same');
  for (const { lines, hang, left } of plays) {
    expect({ hang, left }).toEqual({});
    expect(lines).toContainEqual(expect.objectContaining({ ch: 'result', op: 't.run' }));
    expect(lines?.at(-1)).toMatchObject({ ch: 'exit' });
  }
});

test('a step that never ends is told of each player; of ours it is a finding', async () => {
  const { verdict, plays, findings } = await explorer.explore({ scenario: silent, players, deadlineMs: 50 });
  expect(plays.map(({ hang }) => hang)).toEqual(players.map(() => 'codex.thread_start (step 0)'));
  expect(verdict).toBe('different');
  expect(findings).toEqual([{ client: 'ts', kind: 'hang', what: 'codex.thread_start (step 0)' }]);
});

test('an engine that a client of another process has started, and still waits for, ends with the run', async () => {
  const waiting: ExploredScenario = {
    ...base,
    family: 'exec',
    git: true,
    script: [{ expect: 'exec' }, { hang: 'for-ever' }],
    steps: [
      { call: 'codex.start_thread', as: 't' },
      { call: 't.run', as: 'r', with: { input: 'hi' } },
    ],
  };
  const execPlayers = [{ client: 'ts-official' as const }, { client: 'ts-exec' as const }];
  const order = { scenario: waiting, players: execPlayers, deadlineMs: 50, mayWait: true };
  const { plays } = await explorer.explore(order);
  expect(plays.map(({ hang, failure }) => failure ?? hang)).toEqual(execPlayers.map(() => 't.run (step 1)'));
  const commands = (await processesOf(options.folder)).map(({ command }) => command);
  expect(commands.filter((command) => command.includes('fake.json'))).toEqual([]);
}, 240_000);

test('a client of ours with a bug is found, and what it does wrong is named', async () => {
  const file = path.join(folders.repository, 'sdk/client/turn-result.ts');
  const text = await readFile(file, 'utf8');
  const bug = text.replace('finalResponse: finalResponse(', 'finalResponse: "wrong", lost: finalResponse(');
  expect(bug).not.toBe(text);
  const faulty = await Explorer.open({
    ...options,
    folder: path.join(folders.cells, 'faulty'),
    sources: new Map([[file, bug]]),
  });
  try {
    const { verdict, findings } = await faulty.explore({ scenario: turn, players });
    expect(verdict).toBe('different');
    expect(findings.map(({ client, kind }) => `${client} ${kind}`)).toEqual(['ts difference']);
    expect(findings[0]?.what).toContain('result:t.run');
  } finally {
    await faulty.close();
  }
});
