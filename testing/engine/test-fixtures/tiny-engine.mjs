// A stand-in for the engine in the tests of the tee: one small behaviour per word.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';

const [word, ...rest] = process.argv.slice(2);
const behaviours = {
  tell: () => process.stdout.write(JSON.stringify({ argv: rest, cwd: process.cwd(), env: { ...process.env, _: '' } })),
  exit: () => process.exit(Number(rest[0])),
  die() {
    process.kill(process.pid, rest[0]);
    setInterval(() => {}, 1000);
  },
  trap() {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
      process.on(name, () => process.stdout.write(`${name}\n`, () => process.exit(7)));
    }
    process.stdout.write('ready\n');
    setInterval(() => {}, 1000);
  },
  bytes() {
    process.stderr.write(Buffer.from('warn\r\nhalf'));
    process.stdout.write(Buffer.from([...Buffer.from('{"a":1}\r\n\n'), 0xff, 0xfe, 10, ...Buffer.from('{"b":2}')]));
  },
  cat: () => process.stdin.pipe(process.stdout),
  'close-stdin'() {
    closeSync(0);
    // Before the word: whoever reads it may send the signal at once.
    process.on('SIGTERM', () => process.exit(0));
    process.stdout.write('closed\n');
    setInterval(() => {}, 1000);
  },
  'close-stdout'() {
    process.on('SIGTERM', () => process.exit(0));
    process.stdout.write('last', () => closeSync(1));
    setInterval(() => {}, 1000);
  },
  flood() {
    const more = () => {
      while (process.stdout.write('x'.repeat(1024)));
    };
    process.stdout.on('drain', more);
    process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 9 : 1));
    more();
  },
  big: () => process.stdout.write(`${'é'.repeat(Number(rest[0]) / 2)}\n`),
  grandchild() {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', rest[0]], {
      stdio: ['ignore', 'inherit', 'ignore'],
      detached: true,
    });
    child.unref();
    process.stdout.write(`${child.pid}\n`, () => process.exit(0));
  },
};
behaviours[word]();
