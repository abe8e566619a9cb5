import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import { droppedIn, pythonModels } from '../normalise/rules/python-models.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { goldenPath, readGolden } from './golden-file.ts';

/** Scripts of faults send what is no JSON of an engine. */
const otherwise = /^faults\//;

/** The SDK folds the turns of a goal into one. */
const hasGoal = ({ lines }: NormalisedObservation) =>
  lines.some(({ ch, body: { msg } }) => ch === 'wire.out' && isObject(msg) && msg.method === 'thread/goal/set');

test("in every golden of Python's, each event is what the models make of a notification on the wire", async () => {
  const folder = path.join(import.meta.dirname, '../../fixtures/golden');
  const unlike: string[] = [];
  let compared = 0;
  let shorter = 0;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.jsonl'));
  const ids = files.map((file) => file.slice(0, -'.jsonl'.length).split(path.sep).join('/'));
  for (const id of ids.filter((one) => !otherwise.test(one))) {
    const golden = await readGolden(goldenPath(folder, id));
    if (golden?.header.client.startsWith('python') !== true || hasGoal(golden)) continue;
    const sent = new Map<string, Set<string>>();
    for (const { ch, body } of golden.lines) {
      const { method, params } = (isObject(body.msg) ? body.msg : {}) as { method?: string; params?: JsonObject };
      if (ch !== 'wire.in' || method === undefined || !isObject(params)) continue;
      const shown = without(
        params,
        droppedIn({ ch: 'event', lane: '', method, payload: params, known: true }, pythonModels()),
      );
      sent.set(method, (sent.get(method) ?? new Set()).add(JSON.stringify(shown)));
      if (JSON.stringify(shown) !== JSON.stringify(params)) shorter += 1;
    }
    for (const { ch, body } of golden.lines) {
      if (ch !== 'event' || body.known !== true) continue;
      compared += 1;
      if (sent.get(String(body.method))?.has(JSON.stringify(body.payload)) !== true)
        unlike.push(`${id}: ${body.method}`);
    }
  }
  expect(unlike).toEqual([]);
  expect(compared).toBeGreaterThan(800);
  expect(shorter).toBeGreaterThan(100);
});

function without(value: JsonValue, paths: ReadonlySet<string>, at = 'payload'): JsonValue {
  if (Array.isArray(value)) return value.map((one, index) => without(one, paths, `${at}/${index}`));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !paths.has(`${at}/${key}`));
  return Object.fromEntries(kept.map(([key, one]) => [key, without(one, paths, `${at}/${key}`)]));
}
