import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFake } from '../build-fake.mjs';
import { median } from './median.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bare = fileURLToPath(new URL('bare-answer.mjs', import.meta.url));
/** How much more than bare Node the fake may cost. */
const goal = 1.3;

/**
 * Measures spawn → answered `initialize`, the fake against a bare Node process that answers one line, the two in turn. Programs are spawned
 * directly: a shell before them would be measured too.
 * @returns 0 when the ratio of the medians is within the goal, else 1
 */
export async function measureFakeStart(rounds: number, print: (line: string) => void): Promise<number> {
  const { file } = await buildFake(root);
  const folder = await mkdtemp(join(tmpdir(), 'fake-start-'));
  try {
    const { options, log } = await writeReplay(folder);
    const commands = { bare: [bare], fake: [file, '--replay-options', options, 'app-server', '--listen', 'stdio://'] };
    const times: Record<keyof typeof commands, number[]> = { bare: [], fake: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const name of ['bare', 'fake'] as const) times[name].push(await timeToAnswer(commands[name]));
      // Its second start in one log would be the golden's second start.
      await rm(log);
    }
    const [bareMs, fakeMs] = [median(times.bare), median(times.fake)];
    const ratio = fakeMs / bareMs;
    print(
      `start to answered initialize, medians of ${rounds}: bare Node ${bareMs.toFixed(1)} ms, fake ${fakeMs.toFixed(1)} ms`,
    );
    print(`ratio ${ratio.toFixed(2)} (goal: at most ${goal})`);
    return ratio <= goal ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A golden of one answered request, with the log that a cell always has. */
async function writeReplay(folder: string): Promise<{ options: string; log: string }> {
  const wire = (ch: string, msg: object) => ({ lane: '-', key: 'initialize', ch, body: { msg } });
  const lines = [
    { kind: 'golden', schemaVersion: 1, scenario: 'bench', client: 'bare', engineVersion: '0' },
    wire('wire.out', { id: '<request:1>', method: 'initialize', params: {} }),
    wire('wire.in', { id: '<request:1>', result: {} }),
  ];
  const [golden, options, log] = ['golden.jsonl', 'options.json', 'wire.jsonl'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(golden, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await writeFile(options, JSON.stringify({ golden, log }));
  return { options, log };
}

async function timeToAnswer(command: readonly string[]): Promise<number> {
  const from = performance.now();
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write('{"id":1,"method":"initialize","params":{}}\n');
  const gone = once(child, 'exit');
  const answered = await Promise.race([once(child.stdout, 'data').then(() => true), gone.then(() => false)]);
  if (!answered) throw new Error(`Measuring the fake's start: ${command[0]} ended without an answer`);
  const took = performance.now() - from;
  child.stdin.end();
  await gone;
  return took;
}
