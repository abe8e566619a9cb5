// A driver that tells what it was asked to do, as an event, and then does what the scenario's title says: `done`, `asks` the engine for its version, `dies`, `fails`, `hangs`, `is silent`, or `notes`.
import { execFileSync } from 'node:child_process';
import { createInterface } from 'node:readline';

const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const [client = 'ts'] = process.argv.slice(2);

write({
  ...{ type: 'hello', protocol: 1, client, clientVersion: '1.2.3', capabilities: ['sdk'] },
  clientInfo: { name: 'own', title: 'Own', version: '4' },
});
createInterface({ input: process.stdin }).on('line', (text) => {
  const { type, run, ...asked } = JSON.parse(text);
  if (type !== 'run') process.exit(0);
  const { title } = asked.scenario;
  if (title === 'is silent') return;
  const payload = { ...asked, run, driver: process.pid, sees: Object.keys(process.env) };
  if (title === 'asks')
    payload.engine = execFileSync(asked.codexBin, ['--version'], { encoding: 'utf8', env: asked.env });
  const line = { ch: 'event', lane: 'told', method: 'told', payload, known: false };
  write({ type: 'line', run, t: 0, line });
  if (title === 'dies') {
    process.stderr.write('out of order\n', () => process.exit(3));
  } else if (title === 'fails') write({ type: 'failed', run, message: 'no luck' });
  else if (title !== 'hangs') write({ type: 'done', run, ...(title === 'notes' && { notes: ['a note'] }) });
});
