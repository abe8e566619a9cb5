// An engine that says again what it is told, byte for byte: in an answer, and in a notification.
import { createInterface } from 'node:readline';

const say = (text) => process.stdout.write(`${text}\n`);

createInterface({ input: process.stdin, crlfDelay: 0 }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (method === 'initialize') {
    say(
      JSON.stringify({
        id,
        result: { userAgent: 'echo/1.0.0', codexHome: '/', platformFamily: 'unix', platformOs: 'linux' },
      }),
    );
  } else if (id !== undefined) {
    const params = line.slice(line.indexOf('"params":') + '"params":'.length, -1);
    say(`{"method":"echo/said","params":${params}}`);
    say(`{"id":${id},"result":${params}}`);
  }
});
