import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellPath } from '../cell/cell-path.ts';
import { keepGolden } from '../golden/keep-golden.ts';
import { CoverageCollector } from '../proofs/coverage/collect-coverage.ts';
import { defaultFolders } from '../run/folders.ts';
import type { RunResult } from '../run/run-result.ts';
import { Session } from '../run/session.ts';
import { loadLibrary, onPin } from '../scenario/index.ts';
import { conclude } from './conclude.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

/** One that only the machine knows to be a secret, and one that has the form of a key. */
const secrets = ['correct-horse-9', 'sk-proj-0123456789abcdefghij'] as const;
const driver = fileURLToPath(new URL('test-fixtures/telling-driver.mjs', import.meta.url));

let out: string;
beforeEach(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'secrets-'));
});
afterEach(() => rm(out, { recursive: true }));

/** All that the run wrote, what is packed in the report unpacked. */
async function written(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = await readFile(path.join(entry.parentPath, entry.name), 'utf8');
    const packed = [...text.matchAll(/<script type="application\/octet-stream"[^>]*>([^<]+)</g)];
    const inside = packed.map(([, base64 = '']) => gunzipSync(Buffer.from(base64, 'base64')).toString());
    texts.set(entry.name, [text, ...inside].join('\n'));
  }
  return texts;
}

test('a secret that a client tells is in no file of the run, no golden and no line of the terminal', async () => {
  const said = saidTerminal();
  const folders = defaultFolders(out);
  const library = await loadLibrary(folders.scenarios, [], path.join(out, 'scenarios.json'));
  const scenario = onPin(library.scenarios).find(({ id }) => id === 'faults/crlf');
  if (scenario === undefined) throw new Error('looking for faults/crlf: there is no such scenario');
  const pinned = { version: '0.163.0', sha256: 'fake' };
  const session = await Session.open({
    folders,
    engine: undefined,
    pinned,
    python: undefined,
    secrets: [secrets[0]],
    drivers: (client) => ({ client, file: process.execPath, args: [driver, ...secrets] }),
  });
  try {
    const plan = { scenario, client: 'ts', engine: 'fake', round: 1 } as const;
    const covered = new CoverageCollector(session.checker);
    const results = [await session.run(plan, (observation) => covered.add(plan, observation))];
    const failed = await session.run({ ...plan, scenario: { ...scenario, title: 'fails' } });
    results.push({ ...failed, round: 2 });
    const result: RunResult = {
      schemaVersion: 1,
      platform: process.platform,
      begun: '2026-01-01T00:00:00.000Z',
      commit: null,
      dirty: false,
      inputs: {},
      engine: pinned,
      clients: [{ id: 'ts', version: '1' }],
      request: { scenario: scenario.id, family: null, clients: ['ts'], engines: ['fake'], offline: true, rounds: 1 },
      shard: null,
      interrupted: false,
      durationMs: 1,
      jobs: 1,
      results,
    };
    const { normalised: observations, ledger, checker } = session;
    const around = { folders, python: undefined, ledger, checker, library };
    await conclude({ result, coverage: covered.cells, observations }, around, said.terminal);
    const observed = observations.get(cellPath({ ...plan, scenario: scenario.id }));
    if (observed === undefined) throw new Error('looking for what was observed: there is nothing');
    await keepGolden(path.join(out, 'golden'), observed);
    expect(results.map(({ verdict }) => verdict)).toEqual(['mismatch', 'could-not-run']);
  } finally {
    await session.close();
  }
  const texts = await written();
  expect([...texts.keys()]).toEqual(
    expect.arrayContaining([
      'run-result.json',
      'junit.xml',
      'report.html',
      'summary.json',
      'ts.fake.jsonl',
      'crlf.jsonl',
    ]),
  );
  texts.set('terminal', [...said.out, ...said.notes].join('\n'));
  for (const secret of secrets) {
    expect([...texts].filter(([, text]) => text.includes(secret)).map(([name]) => name)).toEqual([]);
  }
  const shown = [...texts].filter(([, text]) => /(?:<|&lt;)redacted:(?:secret|key)/.test(text)).map(([name]) => name);
  expect(shown.sort()).toEqual(
    ['crlf.jsonl', 'junit.xml', 'report.html', 'run-result.json', 'terminal', 'ts.fake.jsonl'].sort(),
  );
}, 60_000);
