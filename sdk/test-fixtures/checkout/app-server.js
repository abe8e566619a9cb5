// An engine built from a checkout, for process tests: `node app-server …` in this folder. Its environment says what it does:
// PROBE_LOG (file that gets the arguments of each probe), PROBE (JSON: `fields` by type, `exit`, `text` in place of the schemas, `hang`).
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const args = process.argv.slice(2);
if (args.includes('generate-json-schema')) {
  appendFileSync(process.env.PROBE_LOG, `${JSON.stringify(args.slice(0, -1))}\n`);
  const { fields = {}, exit = 0, text, hang } = JSON.parse(process.env.PROBE);
  const folder = args.at(-1);
  mkdirSync(join(folder, 'v2'), { recursive: true });
  const definitions = { ClientRequest: { oneOf: [{ properties: { method: { enum: ['thread/list'] } } }] }, v2: {} };
  for (const [type, names] of Object.entries(fields)) {
    const schema = { properties: Object.fromEntries(names.map((name) => [name, {}])) };
    definitions.v2[type] = schema;
    writeFileSync(join(folder, 'v2', `${type}.json`), text ?? JSON.stringify(schema));
  }
  writeFileSync(join(folder, 'codex_app_server_protocol.schemas.json'), text ?? JSON.stringify({ definitions }));
  process.stderr.write('words of the probe\n');
  if (hang) setInterval(() => {}, 1000);
  else process.exitCode = exit;
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    const greeting = { userAgent: 'checkout/9.9', serverInfo: { version: '0.0.0' } };
    const result = method === 'initialize' ? greeting : { thread: { id: 'th' }, turn: { id: 't' }, params };
    if (id !== undefined) process.stdout.write(`${JSON.stringify({ id, result })}\n`);
  }
}
