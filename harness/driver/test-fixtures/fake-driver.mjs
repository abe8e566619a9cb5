// A driver for the tests of driver-process.ts. The run's scenario id says how it behaves; the first argument, how it starts.
import { createInterface } from 'node:readline';

const start = process.argv[2] ?? 'good';
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const runs = {
  good: (run) => {
    const line = { ch: 'result', lane: 'main', op: 'env', value: Object.keys(process.env).sort() };
    // In one write, cut in the middle of a character's bytes at the pipe's own pleasure: '\u2028é' is data.
    write({ type: 'line', run, t: 1, line: { ch: 'end', lane: 'main', op: '\u2028é'.repeat(50_000) } });
    process.stdout.write(
      `${JSON.stringify({ type: 'line', run, t: 2, line })}\n{"type":"done","run":"${run}","notes":["n"]}\n`,
    );
  },
  pid: (run) => {
    write({ type: 'line', run, t: 1, line: { ch: 'mark', mark: String(process.pid) } });
    write({ type: 'done', run });
  },
  tainted: (run) => write({ type: 'done', run, tainted: true }),
  failed: (run) => {
    console.error('because');
    write({ type: 'failed', run, message: 'no such class' });
  },
  dies: (run) => {
    write({ type: 'line', run, t: 1, line: { ch: 'end', lane: 'main', op: 'x' } });
    process.stderr.write('last words\n', () => process.exit(7));
  },
  garbage: () => process.stdout.write('print("stray")\n'),
  hangs: (run) => write({ type: 'line', run, t: 1, line: { ch: 'end', lane: 'main', op: 'x' } }),
  part: () => process.stdout.write('{"type"'),
  babbles: (run) =>
    setInterval(() => write({ type: 'line', run, t: 1, line: { ch: 'end', lane: 'main', op: 'x' } }), 20),
  'wrong-run': () => write({ type: 'done', run: 'another' }),
};

if (start === 'silent') process.stdin.resume();
else if (start === 'dies') process.exit(3);
else {
  write({ type: 'hello', protocol: start === 'old' ? 0 : 1, client: 'ts', clientVersion: '1', capabilities: ['sdk'] });
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (text) => {
    const message = JSON.parse(text);
    if (message.type === 'run') runs[message.scenario.id](message.run);
    else if (start !== 'clinging') process.exit(0);
  });
  if (start === 'clinging') setInterval(() => undefined, 1_000_000);
}
