import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject } from '../rpc/is-object.ts';
import type { WireMessage } from './memory-engine.ts';

const goldens = fileURLToPath(new URL('../../fixtures/golden', import.meta.url));
const scenarios = fileURLToPath(new URL('../../fixtures/scenarios', import.meta.url));

/** A scripted engine says wrong things on purpose. */
function isScripted(golden: string): boolean {
  const own = join(scenarios, golden.replace(/\.jsonl$/, '.yaml'));
  // The goldens of a matrix stand in a folder that is named as its one scenario.
  const file = existsSync(own) ? own : `${dirname(own)}.yaml`;
  return /^script:/m.test(readFileSync(file, 'utf8'));
}

/** What was said on the wire of the real engine in one golden. Ids are placeholders, which are as good as any: here each is of one golden alone. */
export interface RecordedWire {
  golden: string;
  messages: WireMessage[];
  /** What the reference client asked for. */
  requests: WireMessage[];
}

/** Everything that was said to and by the real engine in the committed goldens, in the order of each. */
export function recordedWire(): RecordedWire[] {
  const files = readdirSync(goldens, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.jsonl') && !isScripted(file),
  );
  return files.sort().map((golden, index) => {
    const text = readFileSync(join(goldens, golden), 'utf8').replace(
      /<(thread|turn|item|id|request):/g,
      `<${index}.$1:`,
    );
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { ch: string; body: { msg?: unknown } });
    const on = (channel: string) =>
      lines.flatMap(({ ch, body }) => (ch === channel && isObject(body.msg) ? [body.msg as WireMessage] : []));
    const requests = on('wire.out').filter(({ id, method }) => id !== undefined && method !== undefined);
    return { golden, messages: on('wire.in'), requests };
  });
}
