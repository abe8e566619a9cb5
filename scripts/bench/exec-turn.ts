import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Codex as OfficialCodex } from '@openai/codex-sdk';
import { $ } from 'zx';
import { expectedGot } from '../../native/expected-got.mjs';
import { resolveEngine, venvPython } from '../../native/index.ts';
import { Codex as ExecCodex } from '../../sdk/exec.ts';
import type { Codex } from '../../sdk/index.ts';
import { type ScriptedModel, scriptedModel } from '../../testing/index.ts';
import { median } from './median.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const flood = new URL('flood.mjs', import.meta.url).href;
const floodEvents = 400_000;
/** The share of the bare loop's events per second that ours is to reach. */
const goal = 0.85;

/** The Python client in a process of its own: one turn for each line on stdin, the milliseconds it took on stdout. */
const python = `
import asyncio, json, sys, time
from openai_codex_sdk import Codex
setup = json.loads(sys.stdin.readline())
codex = Codex({"codexPathOverride": setup["engine"], "env": setup["env"]})
for line in sys.stdin:
    begin = time.monotonic()
    thread = codex.start_thread({"workingDirectory": setup["folder"], "skipGitRepoCheck": True})
    asyncio.run(thread.run("hi"))
    print((time.monotonic() - begin) * 1000, flush=True)
`;

/**
 * Measures one whole turn, on the real engine with a scripted model: the three exec clients, each turn in a fresh engine, and the app-server, whose
 * engine stays; then events per second of the two TypeScript exec clients. All in turn, so that what the machine does beside hits all.
 * @returns 1 when ours misses its share of a bare loop over the same lines
 */
export async function measureExecTurn(rounds: number, print: (line: string) => void): Promise<number> {
  const { path: engine } = await resolveEngine();
  await using model = await scriptedModel(
    Array.from({ length: 4 * rounds }, () => ({ message: 'done' })),
    { codexBin: engine },
  );
  print(`one turn, medians of ${rounds}:`);
  report(await measureTurns(engine, model, rounds), 'ms', print);
  print(`events a second of CPU time, medians of 3, ${floodEvents} events of 120 bytes:`);
  const floods = await measureFlood();
  report(floods, '', print);
  const share = (floods.get('ts-exec') ?? Number.NaN) / (floods.get('bare loop') ?? Number.NaN);
  const reached = share >= goal;
  print(
    `  ts-exec has ${(share * 100).toFixed(0)} % of the bare loop (goal: at least ${goal * 100} %${reached ? '' : ', missed'})`,
  );
  return reached ? 0 : 1;
}

/** The least that a reader of these lines does: split, parse. */
async function bareLoop(env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, ['exec'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let count = 0;
  let rest = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      JSON.parse(line);
      count += 1;
    }
  }
  return count;
}

async function measureTurns(engine: string, model: ScriptedModel, rounds: number) {
  const env = { ...model.config.env, PATH: process.env['PATH'] } as Record<string, string>;
  const options = { codexPathOverride: engine, env };
  const thread = { workingDirectory: model.workspace, skipGitRepoCheck: true };
  const appServer: Codex = model.codex();
  await appServer.connect();
  const child = $({ quiet: true })`${venvPython(root)} -c ${python}`;
  const lines = child[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify({ engine, env, folder: model.workspace })}\n`);
  const pythonTurn = async () => {
    child.stdin.write('\n');
    await lines.next();
  };
  const clients: Record<string, () => Promise<unknown>> = {
    'ts-official': () => new OfficialCodex(options).startThread(thread).run('hi'),
    'ts-exec': () => new ExecCodex(options).startThread(thread).run('hi'),
    'python-exec': pythonTurn,
    'app-server (ts)': async () => (await appServer.threadStart()).run('hi'),
  };
  const times = await inTurn(clients, rounds, async (turn) => {
    const from = performance.now();
    await turn();
    return performance.now() - from;
  });
  child.stdin.end();
  await child;
  return times;
}

async function measureFlood() {
  const options = { codexPathOverride: process.execPath, env: { NODE_OPTIONS: `--import=${flood}` } };
  const clients = {
    'ts-official': async () => await read(await new OfficialCodex(options).startThread().runStreamed('hi')),
    'ts-exec': async () => await read(await new ExecCodex(options).startThread().runStreamed('hi')),
    'bare loop': () => bareLoop(options.env),
  };
  const measure = async (run: () => Promise<number>) => {
    const before = process.cpuUsage();
    const count = await run();
    if (count !== floodEvents) throw new Error(expectedGot('measuring events', `${floodEvents}`, `${count}`));
    const { user, system } = process.cpuUsage(before);
    return (count / (user + system)) * 1e6;
  };
  // Once before, until Node has compiled what it runs.
  for (const run of Object.values(clients)) await measure(run);
  return inTurn(clients, 3, measure);
}

async function read({ events }: { events: AsyncIterable<unknown> }): Promise<number> {
  let count = 0;
  for await (const _ of events) count += 1;
  return count;
}

async function inTurn<T>(clients: Record<string, T>, rounds: number, measure: (client: T) => Promise<number>) {
  const results = new Map(Object.keys(clients).map((name) => [name, [] as number[]]));
  const order = Object.entries(clients);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, client] of order) results.get(name)?.push(await measure(client));
    // Nobody is always the one behind the same other.
    order.push(...order.splice(0, 1 + (round % 2)));
  }
  return new Map([...results].map(([name, values]) => [name, median(values)]));
}

function report(medians: Map<string, number>, unit: string, print: (line: string) => void): void {
  const first = medians.get('ts-official') ?? Number.NaN;
  for (const [name, value] of medians) {
    print(`  ${name.padEnd(16)} ${value.toFixed(0).padStart(8)} ${unit.padEnd(3)} × ${(value / first).toFixed(2)}`);
  }
}
