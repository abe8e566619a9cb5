// A guest's driver that goes wrong in one way: `never` before its hello, the others in their run.
import { createInterface } from 'node:readline';

const way = process.argv[2];
if (way === 'never') {
  console.error('no such module: sdk');
  process.exit(3);
}
const hello = { type: 'hello', protocol: 1, client: 'guest', clientVersion: '1', capabilities: ['sdk'] };
process.stdout.write(`${JSON.stringify(hello)}\n`);
const ways = {
  exits: () => process.stderr.write('Segmentation fault\n', () => process.exit(7)),
  prints: () => process.stdout.write('starting the turn\n'),
  part: () => process.stdout.write('{"type":"line","run":', () => process.exit(0)),
  wrong: ({ run }) => process.stdout.write(`${JSON.stringify({ type: 'line', run, t: 1, line: { ch: 'call' } })}\n`),
  fails: ({ run }) => process.stdout.write(`${JSON.stringify({ type: 'failed', run, message: 'no codex.models' })}\n`),
  // Honest, but it performs nothing.
  idle: ({ run }) => process.stdout.write(`${JSON.stringify({ type: 'done', run })}\n`),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.type === 'exit') process.exit(0);
  ways[way](message);
});
