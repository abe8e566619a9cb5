import { spawn } from 'node:child_process';
import type { TurnHandle } from '../../sdk/client/turn-handle.ts';
import { Codex } from '../../sdk/index.ts';

// A host of its own for each measurement: `node event-host.mjs READER`; see `event-engine.mjs`. Writes what it measured as JSON.
const [reader = 'bare'] = process.argv.slice(2);
const engine = process.env['EVENT_ENGINE'] ?? '';
const turns = Number(process.env['EVENT_TURNS'] ?? 1);
const latencies: number[] = [];
let from = 0;
let count = 0;

/** How many events come first that are not measured: until then, Node compiles what it runs. */
const warmUp = Number(process.env['EVENT_WARM_UP'] ?? 0);

/** What is measured is reading, not starting. */
let cpu = process.cpuUsage();
const begin = () => {
  from = performance.now();
  cpu = process.cpuUsage();
};

/** Counts an event; one that says when it was written also tells how long it took. */
const note: (delta: string) => void = process.env['EVENT_PACE']
  ? (delta) => {
      if (count === warmUp) begin();
      count += 1;
      latencies.push(Number(process.hrtime.bigint() - BigInt(delta.trim())) / 1e6);
    }
  : () => {
      if (count === warmUp) begin();
      count += 1;
    };

/** What any client has to do: part the lines and parse them. */
async function bare(): Promise<void> {
  const child = spawn(process.execPath, [engine], { stdio: ['pipe', 'pipe', 'inherit'] });
  const send = (id: number, method: string) => child.stdin.write(`${JSON.stringify({ id, method, params: {} })}\n`);
  for (let turn = 0; turn < turns; turn += 1) send(turn, 'turn/start');
  let rest = '';
  let ended = 0;
  child.stdout.setEncoding('utf8');
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const message = JSON.parse(line) as { method?: string; params: { delta: string } };
        if (message.method === 'item/agentMessage/delta') note(message.params.delta);
        else if (message.method === 'turn/completed') ended += 1;
      }
      if (ended === turns) resolve();
    });
  });
  child.kill();
}

async function ours(read: (turn: TurnHandle) => Promise<void>): Promise<void> {
  const codex = new Codex({
    launchArgsOverride: [process.execPath, engine],
    env: process.env as Record<string, string>,
  });
  const handles = [];
  const threads = await Promise.all(Array.from({ length: turns }, () => codex.threadStart()));
  if (reader === 'text') {
    await Promise.all(
      threads.map(async (thread) => {
        for await (const { delta } of thread.streamText('hi')) note(delta);
      }),
    );
  } else {
    for (const thread of threads) handles.push(thread.turn('hi').then(read));
    await Promise.all(handles);
  }
  await codex.close();
}

async function stream(turn: TurnHandle): Promise<void> {
  for await (const event of turn.stream()) if (event.method === 'item/agentMessage/delta') note(event.payload.delta);
}

if (reader === 'bare') await bare();
else await ours(stream);
count -= warmUp;
const perSecond = (count / (performance.now() - from)) * 1000;
const spent = process.cpuUsage(cpu);
const perCpuSecond = (count / (spent.user + spent.system)) * 1e6;
latencies.sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({ count, perSecond, perCpuSecond, p99: latencies[Math.floor(latencies.length * 0.99)] }),
);
process.exit(0);
