import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { venvPython } from '../../native/index.ts';
import { median } from './median.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const engine = fileURLToPath(new URL('event-engine.mjs', import.meta.url));
const count = 2_000_000;
const warmUp = count / 4;
const flood = { EVENT_COUNT: String(count), EVENT_WARM_UP: String(warmUp) };
/** The Python client reads a tenth as fast. */
const pythonCount = 40_000;
const mostRounds = 9;

/** The official client over the same engine. It keeps every event, so it gets fewer. */
const python = `
import json, os, sys, time
from openai_codex import Codex, CodexConfig
config = CodexConfig(launch_args_override=(sys.argv[1], sys.argv[2]), env=dict(os.environ))
with Codex(config=config) as codex:
    turn = codex.thread_start().turn("hi")
    count, begin, cpu = 0, None, 0
    for event in turn.stream():
        if begin is None:
            begin, cpu = time.monotonic(), time.process_time()
        count += 1
    print(json.dumps({"perSecond": count / (time.monotonic() - begin), "perCpuSecond": count / (time.process_time() - cpu)}))
`;

interface Measured {
  perSecond: number;
  perCpuSecond: number;
  p99?: number;
}

type Print = (line: string) => void;

/**
 * Measures how many events a second a program reads, against a bare loop over the same lines and the official Python client: one stream, its text,
 * and up to 5,000 turns at once, by the CPU time of their processes; then how long an event takes from the engine to the program, beyond the bare loop. Each
 * in a process of its own, in turn.
 * @returns 1 when a goal is missed
 */
export async function measureEvents(wanted: number, print: Print): Promise<number> {
  const rounds = Math.min(wanted, mostRounds);
  const folder = await mkdtemp(join(tmpdir(), 'bench-events-'));
  const host = join(folder, 'host.mjs');
  const peers = ['ajv', 'yaml', 'zod', '@valibot/to-json-schema', '@modelcontextprotocol/*'];
  try {
    await build({
      entryPoints: [fileURLToPath(new URL('event-host.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: peers,
      outfile: host,
      logLevel: 'error',
    });
    const measure = async (reader: string, env: Record<string, string>) => {
      const all = { ...process.env, EVENT_ENGINE: engine, ...env };
      return JSON.parse((await run(process.execPath, [host, reader], { env: all })).stdout) as Measured;
    };
    let missed = await measureReaders(measure, rounds, print);
    missed = (await measureTurns(measure, Math.min(rounds, 3), print)) || missed;
    missed = (await measureLatency(measure, rounds, print)) || missed;
    return missed ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Measure = (reader: string, env: Record<string, string>) => Promise<Measured>;

async function measureReaders(measure: Measure, rounds: number, print: Print): Promise<boolean> {
  const readers = ['bare', 'stream', 'text', 'python'] as const;
  type Reader = (typeof readers)[number];
  const measured: Record<Reader, Measured[]> = { bare: [], stream: [], text: [], python: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const reader of ['bare', 'stream', 'text'] as const) measured[reader].push(await measure(reader, flood));
    const env = { ...process.env, EVENT_COUNT: String(pythonCount) };
    const { stdout } = await run(venvPython(root), ['-c', python, process.execPath, engine], { env });
    measured.python.push(JSON.parse(stdout) as Measured);
  }
  const of = (reader: Reader) => median(measured[reader].map(({ perCpuSecond }) => perCpuSecond));
  print(`events a second of CPU time, ${count} of 120 bytes, medians of ${rounds}; beside it, by the clock:`);
  for (const reader of readers) {
    const clock = median(measured[reader].map(({ perSecond }) => perSecond));
    print(`  ${reader.padEnd(8)} ${of(reader).toFixed(0).padStart(9)} ${clock.toFixed(0).padStart(9)}`);
  }
  const rows = [
    ['stream()', of('stream') / of('bare'), 0.8, 'of the bare loop'],
    ['streamText()', of('text') / of('bare'), 0.7, 'of the bare loop'],
    ['stream()', of('stream') / of('python'), 8, '× the Python client'],
  ] as const;
  return rows
    .map(([name, ratio, goal, what]) => {
      print(`  ${name.padEnd(14)} ${ratio.toFixed(2)} ${what}${verdict(goal, ratio >= goal)}`);
      return ratio < goal;
    })
    .includes(true);
}

async function measureTurns(measure: Measure, rounds: number, print: Print): Promise<boolean> {
  print(`many turns at once, medians of ${rounds}, the share of a bare loop over the same lines:`);
  let one = Number.NaN;
  let missed = false;
  for (const turns of [1, 1000, 5000]) {
    const shares: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const env = { ...flood, EVENT_TURNS: String(turns) };
      const bare = await measure('bare', env);
      shares.push((await measure('stream', env)).perCpuSecond / bare.perCpuSecond);
    }
    const share = median(shares);
    if (turns === 1) one = share;
    const met = share >= one * 0.8;
    print(
      `  ${String(turns).padStart(5)}: ${share.toFixed(2)}${turns === 1 ? '' : verdict(`${(one * 0.8).toFixed(2)}`, met)}`,
    );
    missed ||= !met;
  }
  return missed;
}

async function measureLatency(measure: Measure, rounds: number, print: Print): Promise<boolean> {
  print(`from the engine to the program, p99 beyond that of a bare loop, medians of ${rounds}:`);
  let missed = false;
  for (const [turns, pace, goal] of [
    [20, 2000, 1],
    [200, 10_000, 5],
  ] as const) {
    const added: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const env = { EVENT_TURNS: String(turns), EVENT_COUNT: String(pace), EVENT_PACE: String(pace) };
      const bare = await measure('bare', env);
      added.push(((await measure('stream', env)).p99 ?? Number.NaN) - (bare.p99 ?? Number.NaN));
    }
    const met = median(added) <= goal;
    print(`  ${turns} streams: ${median(added).toFixed(2)} ms (goal: at most ${goal} ms${met ? '' : ', missed'})`);
    missed ||= !met;
  }
  return missed;
}

function verdict(goal: number | string, met: boolean): string {
  return ` (goal: at least ${goal}${met ? '' : ', missed'})`;
}
