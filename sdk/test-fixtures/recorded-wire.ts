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
  return /^engine:/m.test(readFileSync(file, 'utf8'));
}

/** What the real engine said in one golden. Ids are placeholders, which are as good as any: here each is of one golden alone. */
export interface RecordedWire {
  golden: string;
  messages: WireMessage[];
}

/** Everything that the real engine has said in the committed goldens, in the order of each. */
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
    const said = lines.flatMap(({ ch, body }) =>
      ch === 'wire.in' && isObject(body.msg) ? [body.msg as WireMessage] : [],
    );
    return { golden, messages: said };
  });
}
