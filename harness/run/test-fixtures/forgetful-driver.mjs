// A driver that performs nothing and tells a call and its end. The first runs, as many as its first argument says, lose their last line; they are counted in the
// folder of the second.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [losing, folder] = process.argv.slice(2);
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

function isFirst() {
  for (let run = 0; run < Number(losing); run += 1) {
    try {
      writeFileSync(join(folder, `run-${run}`), '', { flag: 'wx' });
      return true;
    } catch {
      // Another run was before.
    }
  }
  return false;
}

write({ type: 'hello', protocol: 1, client: 'ts', clientVersion: '1', capabilities: ['sdk'] });
createInterface({ input: process.stdin }).on('line', (text) => {
  const { type, run } = JSON.parse(text);
  if (type !== 'run') process.exit(0);
  const lines = [
    { ch: 'call', lane: 'main', op: 'codex.models', args: {} },
    { ch: 'result', lane: 'main', op: 'codex.models', value: null },
    { ch: 'event', lane: 'told', method: 'told', payload: { last: true }, known: false },
  ];
  for (const [t, line] of (isFirst() ? lines.slice(0, -1) : lines).entries()) write({ type: 'line', run, t, line });
  write({ type: 'done', run });
});
