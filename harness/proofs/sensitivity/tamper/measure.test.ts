import { isUtf8 } from 'node:buffer';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { isObject } from '../../../../testing/json/json.ts';
import { readJson, replacedMembers } from '../../../../testing/json/read-json.ts';
import { writeJson } from '../../../../testing/json/write-json.ts';
import { compare, differs } from '../../../compare/compare.ts';
import { goldenPath, readGolden } from '../../../golden/golden-file.ts';
import { hydrate } from '../../../golden/hydrate.ts';
import { NormaliseCache } from '../../../normalise/cache.ts';
import { normalise } from '../../../normalise/normalise.ts';
import { rules } from '../../../normalise/rules/index.ts';
import { drop, type NormalisedObservation, type ValueRule } from '../../../normalise/types.ts';
import type { ObservationLine } from '../../../observation/types.ts';
import { bars, loosenedShare } from './flagged.ts';
import { measureSensitivity } from './measure.ts';
import { rawLinesOf } from './raw-line.ts';
import { type Reader, tamperClasses, tamperingsOf } from './tamperings.ts';

const folder = fileURLToPath(new URL('../../../../fixtures/golden', import.meta.url));
const golden = (await readGolden(goldenPath(folder, 'turns/plain-message'))) as NormalisedObservation;

const blind = (rule: Omit<ValueRule, 'reason'>) => ({
  ...rules,
  value: [{ reason: 'a test', ...rule }, ...rules.value],
});

describe('measureSensitivity', () => {
  it('flags nearly everything, and counts apart what a named rule lets pass', async () => {
    const measured = await measureSensitivity([golden]);
    const { tampered, flagged, classes, hidden, passed, loosened } = measured;
    expect(tampered).toBeGreaterThan(2500);
    expect(flagged / tampered).toBeGreaterThanOrEqual(bars.leastFlagged);
    expect(loosenedShare(measured)).toBeLessThan(bars.mostLoosened + 0.01);
    for (const name of ['absent', 'doubled key', 'number', 'text', 'line'] as const) {
      expect(classes[name].tampered, name).toBeGreaterThan(50);
      expect(classes[name].flagged, name).toBe(classes[name].tampered);
    }
    const count = (of: 'tampered' | 'flagged') => tamperClasses.reduce((sum, name) => sum + classes[name][of], 0);
    expect([count('tampered'), count('flagged')]).toEqual([tampered, flagged]);
    expect(hidden).toHaveLength(tampered - flagged);
    expect(passed).toHaveLength(Object.values(loosened).reduce((sum, one) => sum + one, 0));
    expect(passed).toContainEqual({
      scenario: 'turns/plain-message',
      line: 1 + golden.lines.findIndex(({ key }) => key === 'remoteControl/status/changed') + 1,
      ch: 'wire.in',
      key: 'remoteControl/status/changed',
      path: '/msg/params/serverName',
      class: 'value',
      how: 'text + "~"',
      rule: 'host-name',
    });
    // A moment that the client shows is compared with what the engine said; the engine's own is free.
    expect(passed.filter(({ ch, rule }) => rule === 'time' && (ch === 'result' || ch === 'event'))).toEqual([]);
    expect(loosened.time).toBeGreaterThan(10);
  });

  it('falls far below where a rule drops every text, and blames that rule', async () => {
    const { tampered, flagged, hidden } = await measureSensitivity([golden], {
      rules: blind({
        name: 'blind',
        apply: (value, { key }) => (typeof value === 'string' && key !== 'method' && key !== 'id' ? drop : undefined),
      }),
    });
    expect(flagged / tampered).toBeLessThan(0.8);
    expect(hidden.filter(({ rule }) => rule === 'blind').length).toBeGreaterThan(50);
  });

  it('falls where a rule blanks one field, unless the rule says that it loosens it', async () => {
    const blank = {
      name: 'blank-text',
      apply: (_: unknown, { key }: { key?: string | undefined }) => (key === 'text' ? '<text>' : undefined),
    };
    const { hidden } = await measureSensitivity([golden], { rules: blind(blank), most: 1300 });
    expect(hidden.filter(({ rule }) => rule === 'blank-text').length).toBeGreaterThanOrEqual(4);
    const { loosened } = await measureSensitivity([golden], { rules: blind({ ...blank, loosens: true }), most: 1300 });
    expect(loosened['blank-text']).toBeGreaterThanOrEqual(4);
  });

  it('makes no more than the wanted number, spread over the golden', async () => {
    const { tampered, loosened, classes } = await measureSensitivity([golden], { most: 60 });
    const all = tampered + Object.values(loosened).reduce((sum, one) => sum + one, 0);
    expect(all).toBeGreaterThan(30);
    expect(all).toBeLessThanOrEqual(60);
    for (const name of ['value', 'absent', 'doubled key', 'text'] as const)
      expect(classes[name].tampered).toBeGreaterThan(0);
  });

  it('flags nothing where there is nothing', async () => {
    expect(await measureSensitivity([])).toMatchObject({ tampered: 0, flagged: 0, loosened: {} });
  });
});

function isJson(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** A reader that reads something else than was written. */
const reading =
  (change: (bytes: Buffer) => Buffer): Reader =>
  (raw, bytes, ended) =>
    raw.read(change(bytes), ended);
const readingText = (change: (text: string) => string) =>
  reading((bytes) => (isUtf8(bytes) ? Buffer.from(change(bytes.toString('utf8'))) : bytes));
/** The members for which something is so are as if they were not there. */
const without = (isBlank: (value: unknown) => boolean) =>
  readingText((text) => {
    const kept = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(kept)
        : isObject(value)
          ? Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (isBlank(one) ? [] : [[key, kept(one)]])))
          : value;
    if (!isJson(text)) return text;
    return replacedMembers(text, readJson(text)) === undefined ? writeJson(kept(readJson(text))) : text;
  });
const ifJson = (change: (text: string) => string) => readingText((text) => (isJson(text) ? change(text) : text));

test.each<[string, Reader, (typeof tamperClasses)[number]]>([
  ['takes the last of two members', ifJson((text) => JSON.stringify(JSON.parse(text))), 'doubled key'],
  ['rounds numbers', ifJson((text) => JSON.stringify(JSON.parse(text))), 'number'],
  ['leaves out bytes that are not UTF-8', reading((bytes) => bytes.filter((byte) => byte !== 0xff) as Buffer), 'text'],
  ['leaves out lone surrogates', readingText((text) => text.replaceAll('\\ud800', '')), 'text'],
  ['takes null for absent', without((value) => value === null), 'absent'],
  ['takes empty for absent', without((value) => ['""', '[]', '{}'].includes(JSON.stringify(value))), 'absent'],
])('a reader that %s is found out', async (_, read, name) => {
  const { classes, tampered, flagged } = await measureSensitivity([golden], { read, most: 500 });
  expect(classes[name].flagged).toBeLessThan(classes[name].tampered);
  expect(flagged / tampered).toBeLessThan(0.999);
});

it('reads what was not changed as it stood', () => {
  const { lines } = hydrate(golden);
  for (const line of lines) for (const raw of rawLinesOf(line)) expect(raw.read(raw.bytes, true)).toEqual([line]);
});

it('normalises with a cache as without one, and says in short what compare says at length', () => {
  const observation = hydrate(golden);
  const cache = new NormaliseCache();
  const reference = normalise(observation, cache);
  let tried = 0;
  for (const [index, tampering] of [
    ...tamperingsOf({ observation, written: observation.lines, reference, volatile: () => [] }),
  ].entries()) {
    if (index % 17 !== 0) continue;
    let lines: ObservationLine[];
    try {
      lines = tampering.lines();
    } catch {
      continue; // The run's reader refuses it.
    }
    const tampered = { header: observation.header, lines };
    const quick = normalise(tampered, cache);
    expect(quick).toEqual(normalise(tampered));
    expect(differs(reference, quick)).toBe(compare(reference, quick).length > 0);
    tried += 1;
  }
  expect(tried).toBeGreaterThan(120);
});
