import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadScenarios } from '../scenario/index.ts';
import { writeFinding } from './finding-file.ts';
import type { ExploredScenario } from './types.ts';

const scenario: ExploredScenario = {
  id: 'found/fuzz-1-7',
  title: 'A turn',
  family: 'app-server',
  covers: ['turn/start'],
  script: [{ auto: ['thread/start'] }, { expect: 'turn/start' }, { answer: 'turn/start' }, { send: 'turn/completed' }],
  steps: [
    { call: 'codex.thread_start', as: 't' },
    { call: 't.run', with: { input: 'hi: "there"\n' } },
  ],
};

test('a finding is a scenario of the library, with what was found and how to play it again', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'finding-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = await writeFinding(folder, {
    scenario,
    findings: [{ client: 'ts', kind: 'difference', what: 'missing\nresult:t.run' }],
    repeat: 'npm run parity -- fuzz --file found/fuzz-1-7.yaml',
  });
  expect(file).toBe(path.join(folder, 'found/fuzz-1-7.yaml'));
  const [loaded] = await loadScenarios(folder);
  expect(loaded).toMatchObject(scenario);
  expect((await readFile(file, 'utf8')).split('\n').slice(1, 3)).toEqual([
    '# ts: difference: missing result:t.run',
    '# npm run parity -- fuzz --file found/fuzz-1-7.yaml',
  ]);
});
