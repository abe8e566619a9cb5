import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClientId } from '../clients/clients.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { loadScenarios, onPin } from '../scenario/index.ts';
import { defaultFolders, removeCells } from './folders.ts';
import { recordScenario } from './record.ts';
import { Session } from './session.ts';

const driver = fileURLToPath(new URL('test-fixtures/forgetful-driver.mjs', import.meta.url));
const scenario = `id: runs/told
title: A call and what is told after it
family: app-server
covers: []
steps:
  - { call: codex.models }
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'record-'));
  await mkdir(path.join(folder, 'scenarios/runs'), { recursive: true });
  await writeFile(path.join(folder, 'scenarios/runs/told.yaml'), scenario);
});
afterEach(() => rm(folder, { recursive: true }));

/** Records with a driver whose first runs lose their last line. */
async function recorded(losing: number, options = {}) {
  const folders = {
    ...defaultFolders(path.join(folder, 'out')),
    scenarios: path.join(folder, 'scenarios'),
    goldens: path.join(folder, 'golden'),
  };
  const counts = await mkdtemp(path.join(folder, 'runs-'));
  // The driver never starts it.
  const engine = { path: process.execPath, version: '0.163.0', sha256: 'none' };
  const drivers = (client: ClientId) => ({ client, file: process.execPath, args: [driver, String(losing), counts] });
  const session = await Session.open({ folders, engine, pinned: engine, python: undefined, secrets: [], drivers });
  try {
    const [told] = onPin(await loadScenarios(folders.scenarios));
    if (told === undefined) throw new Error('looking for the scenario: there is none');
    const result = await recordScenario(session, told, 'ts', options);
    return { ...result, golden: await readGolden(goldenPath(folders.goldens, told.id)) };
  } finally {
    await session.close();
    await removeCells(folders);
  }
}

test('a recording that loses its last line is no golden: a second one does not agree', async () => {
  const { outcome, details, golden } = await recorded(1);
  expect(outcome).toBe('refused');
  expect(details[0]).toMatch(/two recordings/);
  expect(details.join('\n')).toMatch(/told/);
  expect(golden).toBeUndefined();
});

test('two recordings that agree are a golden, and one that agrees with the golden is enough', async () => {
  expect(await recorded(0)).toMatchObject({ outcome: 'new', details: [] });
  expect(await recorded(0)).toMatchObject({ outcome: 'unchanged' });
});

test('what two recordings do not agree on leaves the golden and is no drift; what they agree on is', async () => {
  const { golden } = await recorded(0);
  expect(golden?.lines.at(-1)?.key).toBe('told');
  for (const options of [{}, { check: true }]) {
    expect(await recorded(1, options)).toMatchObject({ outcome: 'refused', golden });
    expect(await recorded(2, { check: true })).toMatchObject({ outcome: 'changed', golden });
  }
  expect((await recorded(2)).golden?.lines.at(-1)?.key).toBe('codex.models');
});
