import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { placeholderWords } from '../../testing/record/test-fixtures/placeholder-words.ts';
import { compare } from '../compare/compare.ts';
import { normalise } from '../normalise/normalise.ts';
import { asNormalised, type NormalisedObservation } from '../normalise/types.ts';
import { goldenPath, parseGolden, readGolden } from './golden-file.ts';
import { hydrate, withoutDigests } from './hydrate.ts';

const folder = fileURLToPath(new URL('../../fixtures/golden', import.meta.url));
const scenarios = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => name.slice(0, -'.jsonl'.length).replaceAll('\\', '/'));

const masked = (one: NormalisedObservation) => asNormalised({ ...one, lines: one.lines.map(withoutDigests) });

describe('hydrate', () => {
  it('has goldens to be tested with', () => expect(scenarios.length).toBeGreaterThan(15));

  it.each(scenarios)('%s: normalising what it gives is the golden again', async (scenario) => {
    const golden = (await readGolden(goldenPath(folder, scenario))) as NormalisedObservation;
    const observation = hydrate(golden);
    expect(compare(masked(golden), masked(normalise(observation))).slice(0, 3)).toEqual([]);
    expect(JSON.stringify(hydrate(golden))).toBe(JSON.stringify(observation));
    const left = JSON.stringify(observation.lines).match(
      /<(thread|turn|item|id|request|server-request):[^<>]*>|<(seconds|millis|duration|process|port|moment|date|host|os|term|closed|workspace|launcher|codexHome)>/g,
    );
    expect(left).toBeNull();
  });

  it('says again what was said, and normalising that is the golden again', () => {
    const line = {
      lane: 'in/-',
      key: 'x',
      ch: 'wire.in',
      body: {
        msg: {
          method: 'x',
          params: Object.fromEntries(placeholderWords.map(({ golden }, at) => [`a${at}`, [golden, { [golden]: 1 }]])),
        },
      },
    };
    const header = { kind: 'golden', schemaVersion: 1, scenario: 's/s', client: 'python', engineVersion: '1' };
    const golden = parseGolden([header, line].map((row) => `${JSON.stringify(row)}\n`).join(''), 'golden');
    const observation = hydrate(golden);
    const params = Object.fromEntries(placeholderWords.map(({ text }, at) => [`a${at}`, [text, { [text]: 1 }]]));
    expect(observation.lines[0]).toMatchObject({ msg: { params } });
    expect(compare(golden, normalise(observation))).toEqual([]);
  });

  it('fills in values of their kinds', () => {
    const line = {
      lane: 'in/-',
      key: 'x',
      ch: 'wire.in',
      body: { msg: { method: 'x', params: { createdAt: '<seconds>', ms: '<millis>', durationMs: '<duration>' } } },
    };
    const header = { kind: 'golden', schemaVersion: 1, scenario: 's/s', client: 'python', engineVersion: '1' };
    const golden = parseGolden([header, line].map((row) => `${JSON.stringify(row)}\n`).join(''), 'golden');
    const [hydrated] = hydrate(golden).lines;
    expect(hydrated).toMatchObject({
      ch: 'wire.in',
      msg: { params: { createdAt: 1_795_392_000, ms: 1_795_392_000_000, durationMs: 7 } },
    });
  });
});

it('what stands for ids is of their form: UUIDs of version 7, and requests of the engine from 0', () => {
  const body = {
    msg: { id: '<server-request:1>', method: 'x', params: { threadId: '<thread:1>', request: '<request:2>' } },
  };
  const line = { lane: 'in/-', ch: 'wire.in', key: 'x', body } as const;
  const header = { kind: 'golden', schemaVersion: 1, scenario: 's/s', client: 'ts', engineVersion: '1' } as const;
  const [first] = hydrate(asNormalised({ header, lines: [line], fired: {} })).lines;
  const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first).toMatchObject({ msg: { id: 0, params: { threadId: uuid, request: uuid } } });
});
