import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { cellsEnvironment, cellsFolder } from '../cell/cells-folder.ts';
import type { Scenario } from '../scenario/types.ts';
import { openFakeCell } from './fake-cell.ts';
import { openRealCell } from './real-cell.ts';
import type { RunningCell } from './types.ts';

/**
 * What a client can see of an engine beyond its messages, side by side: the bare binary, the binary behind the tee, the fake. The probes run in
 * the order of the list against each, and all three must show the same.
 */
const scenario: Scenario = { id: 'turns/plain-message', title: '', family: 'app-server', covers: [], steps: [] };
const repository = fileURLToPath(new URL('../..', import.meta.url));
const initialize = {
  id: 'a',
  method: 'initialize',
  params: { clientInfo: { name: 'codex_python_sdk', title: 'Codex Python SDK', version: '0.163.0' } },
};

let folder: string;
let cells: RunningCell[];
let engines: { name: string; bin: string; cell: RunningCell }[];

beforeAll(async () => {
  const parent = cellsFolder(cellsEnvironment(repository));
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(path.join(parent, 'twinproof-transparency-'));
  const engine = await resolveEngine();
  const goldens = path.join(repository, 'fixtures/golden');
  const real = await openRealCell({ scenario, engine, root: path.join(folder, 'real') });
  const fake = await openFakeCell({
    scenario,
    goldens,
    engineVersion: engine.version,
    root: path.join(folder, 'fake'),
  });
  cells = [real, fake];
  engines = [
    { name: 'bare', bin: engine.path, cell: real },
    { name: 'tee', bin: real.codexBin, cell: real },
    { name: 'fake', bin: fake.codexBin, cell: fake },
  ];
}, 60_000);

afterAll(async () => {
  for (const cell of cells) await cell.dispose();
  await rm(folder, { recursive: true, force: true });
});

interface Seen {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderrIsEmpty: boolean;
}

type Probe = (child: ReturnType<typeof spawn>, answered: Promise<unknown>) => Promise<void> | void;

async function see(engine: (typeof engines)[number], args: string[], probe: Probe): Promise<Seen> {
  const { cell, bin } = engine;
  const child = spawn(bin, args, { cwd: cell.paths.workspace, env: cell.env, stdio: 'pipe' });
  const out: string[] = [];
  let stderr = '';
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => out.push(line));
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  child.stdin.on('error', () => undefined); // An engine that has ended takes no more: its end is what is looked at.
  const closed = once(child, 'close');
  await probe(child, once(lines, 'line'));
  const [code, signal] = await closed;
  const stdout = args[0] === 'app-server' ? '' : out.join('\n');
  return { code, signal, stdout, stderrIsEmpty: args[0] === 'app-server' || stderr === '' };
}

const serve = ['app-server', '--listen', 'stdio://'];
const say = (child: ReturnType<typeof spawn>, text: string) => child.stdin?.write(text);
const begin: (then: (child: ReturnType<typeof spawn>) => void) => Probe = (act) => async (child, answered) => {
  say(child, `${JSON.stringify(initialize)}\n`);
  await answered;
  act(child);
};

const probes: [string, string[], Probe][] = [
  ['--version', ['--version'], (child) => void child.stdin?.end()],
  ['an unknown option', ['--nonsense'], (child) => void child.stdin?.end()],
  ['end of input', serve, begin((child) => child.stdin?.end())],
  [
    'a line without an end, then end of input',
    serve,
    begin((child) => {
      say(child, '{"id":"b","meth');
      child.stdin?.end();
    }),
  ],
  ['SIGTERM', serve, begin((child) => child.kill('SIGTERM'))],
  ['SIGINT', serve, begin((child) => child.kill('SIGINT'))],
  ['SIGHUP', serve, begin((child) => child.kill('SIGHUP'))],
  ['SIGKILL', serve, begin((child) => child.kill('SIGKILL'))],
];

describe('the bare engine, the tee and the fake show a client the same', () => {
  it.each(probes)(
    '%s',
    async (_, args, probe) => {
      const seen: Record<string, Seen> = {};
      for (const engine of engines) seen[engine.name] = await see(engine, args, probe);
      expect(seen).toEqual({ bare: seen.bare, tee: seen.bare, fake: seen.bare });
    },
    60_000,
  );
});
