import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { isObject, type JsonValue, mapChildren } from '../../../testing/json/json.ts';
import type { NormalisedLine } from '../../normalise/types.ts';
import type { RunningCell } from '../types.ts';

/**
 * Plays the client's side of a golden: reads as many lines as the golden has before each message of the client, learns the ids from them, and does what the
 * marks say. Closes the engine's input at the end.
 */
export async function mirrorClient(cell: RunningCell, golden: readonly NormalisedLine[]): Promise<void> {
  const engine = spawn(cell.codexBin, ['app-server', '--listen', 'stdio://'], {
    env: cell.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(engine, 'exit');
  const lines = createInterface({ input: engine.stdout, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const learnt = new Map<string, JsonValue>();
  for (const { ch, body } of golden) {
    if (ch === 'wire.in') {
      const { value, done } = await lines.next();
      if (done) throw new Error(`The engine ended before ${JSON.stringify(body)}`);
      learn(body.msg as JsonValue, JSON.parse(value), learnt);
    } else if (ch === 'wire.out') {
      engine.stdin.write(`${JSON.stringify(fill(body.msg as JsonValue, cell, learnt))}\n`);
    } else if (ch === 'mark') {
      const [, verb, name = ''] = /^(released|killed) (.*)$/.exec(String(body.mark)) ?? [];
      const path = verb === 'released' ? `latch/${encodeURIComponent(name)}/release` : `kill?signal=${name}`;
      await fetch(`${cell.control.url}/${path}`, { method: 'POST' });
    } else if (ch === 'model.request') {
      await fetch(`${cell.control.url}/model/requests?atLeast=1`);
    }
  }
  engine.stdin.end();
  await gone;
}

function learn(template: JsonValue, value: JsonValue, learnt: Map<string, JsonValue>): void {
  if (typeof template === 'string' && /^<[^<>]+>$/.test(template)) learnt.set(template, value);
  else if (Array.isArray(template) && Array.isArray(value)) {
    for (const [index, inner] of template.entries()) learn(inner, value[index] as JsonValue, learnt);
  } else if (isObject(template) && isObject(value)) {
    for (const [key, inner] of Object.entries(template)) learn(inner, value[key] as JsonValue, learnt);
  }
}

function fill(template: JsonValue, cell: RunningCell, learnt: Map<string, JsonValue>): JsonValue {
  if (typeof template === 'string') {
    if (!learnt.has(template) && /^<(request|id):/.test(template)) learnt.set(template, randomUUID());
    const { workspace, tmp } = cell.paths;
    return learnt.get(template) ?? template.replaceAll('<workspace>', workspace).replaceAll('<tmp>', tmp);
  }
  return mapChildren(template, (inner) => fill(inner, cell, learnt));
}
