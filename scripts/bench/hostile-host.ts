import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Codex as ExecCodex } from '../../sdk/exec.ts';
import { Codex } from '../../sdk/index.ts';

// A host of its own for each measurement, so that its memory is that of one line: `node hostile-host.ts TRANSPORT`; see `hostile-engine.mjs`.
const [transport] = process.argv.slice(2);
const { HOSTILE_MB = '1', ...rest } = process.env;
const bytes = Number(HOSTILE_MB) * 1_048_576;
const env = {
  ...rest,
  HOSTILE_MB,
  NODE_OPTIONS: `--import=${new URL('hostile-engine.mjs', import.meta.url)}`,
} as Record<string, string>;

async function meet(): Promise<unknown> {
  if (transport === 'exec') {
    return await new ExecCodex({ codexPathOverride: process.execPath, env }).startThread().run('hi');
  }
  await using codex = new Codex({ launchArgsOverride: [process.execPath, 'app-server'], env });
  await codex.connect();
  return await codex.models();
}

const delay = monitorEventLoopDelay({ resolution: 1 });
const before = process.memoryUsage.rss();
let peak = before;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 2);
delay.enable();
const error = await meet().catch((thrown: unknown) => thrown as Error);
await new Promise((resolve) => setTimeout(resolve, 20));
delay.disable();
clearInterval(watch);
peak = Math.max(peak, process.memoryUsage.rss());

// In the same process, after it: the text that is parsed must not count.
const text = Buffer.from(`{"a":"${'x'.repeat(bytes)}"}`).toString('utf8');
let parse = Number.POSITIVE_INFINITY;
for (let times = 0; times < 3; times += 1) {
  const from = performance.now();
  JSON.parse(text);
  parse = Math.min(parse, performance.now() - from);
}
const outcome = error instanceof Error ? `${error.name}, a text of ${error.message.length}` : 'resolved';
process.stdout.write(
  JSON.stringify({ blockedMs: delay.max / 1e6, parseMs: parse, memory: (peak - before) / bytes, outcome }),
);
