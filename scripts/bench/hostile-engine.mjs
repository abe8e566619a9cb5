// Stands in for the engine, loaded by `NODE_OPTIONS=--import`: writes a line of HOSTILE_KIND and of HOSTILE_MB megabytes, and ends. As an app-server
// it greets its client first.
import { writeSync } from 'node:fs';

const { HOSTILE_KIND = '', HOSTILE_MB = '1' } = process.env;
const megabytes = Number(HOSTILE_MB);

/** Begin, a piece of a megabyte, end: see `hostile-lines.ts`. */
const kinds = {
  'control characters': ['', '\x01', '\n'],
  words: ['', 'not JSON ', '\n'],
  levels: ['{"a":', '[', '\n'],
  'a wrong last character': ['{"method":"x/y","params":{"a":"', 'x', '"}x}\n'],
  'not UTF-8 at its end': ['{"method":"x/y","params":{"a":"', 'x', Buffer.from([0xff, 0x22, 0x7d, 0x7d, 0x0a])],
  'cut off by a death': ['{"method":"item/completed","params":{"a":"', 'a line of output\\n', ''],
  'brackets in text, cut off': ['{"method":"item/completed","params":{"a":"', '{[\\"', ''],
  'numbers, cut off': ['{"method":"item/completed","params":{"a":[', '12.5e+3, ', ''],
  'a valid one': ['{"method":"x/y","params":{"a":"', 'x', '"}}\n'],
};

function write(bytes) {
  for (let left = Buffer.from(bytes); left.length > 0; ) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (error) {
      if (error.code === 'EPIPE') process.exit(0);
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function strike() {
  const [begin, unit, end] = kinds[HOSTILE_KIND];
  const piece = unit.repeat(Math.ceil(1_048_576 / unit.length));
  write(begin);
  for (let count = 0; count < megabytes; count += 1) write(piece);
  write(end);
  process.exit(end === '' ? 137 : 0);
}

if (process.argv.includes('app-server')) {
  for await (const chunk of process.stdin) {
    for (const line of String(chunk).trim().split('\n')) {
      const { id, method } = JSON.parse(line);
      if (method === 'initialize') write(`${JSON.stringify({ id, result: { userAgent: 'engine/0.163.0' } })}\n`);
      if (method === 'model/list') strike();
    }
  }
} else strike();
