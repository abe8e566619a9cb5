// A driver that performs nothing and says what it was started with: the arguments, as lines of an observation. A scenario that has `fails` in its title ends it.
import { createInterface } from 'node:readline';

const said = process.argv.slice(2);
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

write({ type: 'hello', protocol: 1, client: 'ts', clientVersion: '1', capabilities: ['sdk'] });
createInterface({ input: process.stdin }).on('line', (text) => {
  const { type, run, scenario } = JSON.parse(text);
  if (type !== 'run') process.exit(0);
  for (const [t, value] of said.entries()) {
    write({
      type: 'line',
      run,
      t,
      line: { ch: 'event', lane: 'told', method: 'told', payload: { value }, known: true },
    });
  }
  if (scenario.title === 'fails') write({ type: 'failed', run, message: said.join(' ') });
  else write({ type: 'done', run });
});
