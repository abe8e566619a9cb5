import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatGoldenFile, parseGoldenFile } from '../../testing/golden/golden-file.ts';
import type { JsonObject } from '../../testing/json/json.ts';
import { parseDriverMessage } from '../driver/parse-message.ts';
import { asNormalised, type NormalisedLine } from '../normalise/types.ts';
import { compare, differs } from './compare.ts';

/** A JSON value whose numbers are fractions of ten, and how it is written. */
type Value =
  | { kind: 'word'; text: 'true' | 'false' | 'null' }
  | { kind: 'number'; digits: bigint; power: number }
  | { kind: 'text'; text: string }
  | { kind: 'list'; values: Value[] }
  | { kind: 'object'; members: [string, Value][] };

const number = fc.record({
  kind: fc.constant('number' as const),
  digits: fc.oneof(
    fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }),
    fc.constantFrom(0n, 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 64n - 1n, 10n ** 21n, 1n + 10n ** 25n),
  ),
  power: fc.oneof(fc.constant(0), fc.integer({ min: -30, max: 30 }), fc.constantFrom(400, -400)),
});
const text = fc.record({ kind: fc.constant('text' as const), text: fc.string({ unit: 'binary', maxLength: 8 }) });
const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      kind: fc.constant('word' as const),
      text: fc.constantFrom('true' as const, 'false' as const, 'null' as const),
    }),
    number,
    text,
    fc.record({ kind: fc.constant('list' as const), values: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({
      kind: fc.constant('object' as const),
      members: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', '$number', '__proto__', '"'), tie('value')), {
        maxLength: 3,
        selector: ([key]) => key,
      }),
    }),
  ),
})).value;

/** Writes a value in one of the ways that mean the same; `how` chooses. */
function written(at: Value, how: () => number): string {
  switch (at.kind) {
    case 'word':
      return at.text;
    case 'number':
      return numberText(at, how);
    case 'text':
      return how() % 2 === 0 ? JSON.stringify(at.text) : escaped(at.text);
    case 'list':
      return `[${at.values.map((inner) => written(inner, how)).join(how() % 2 === 0 ? ',' : ' , ')}]`;
    case 'object':
      return `{${at.members.map(([key, inner]) => `${JSON.stringify(key)}:${written(inner, how)}`).join(',')}}`;
  }
}

function numberText({ digits, power }: { digits: bigint; power: number }, how: () => number): string {
  const e = how() % 2 === 0 ? 'e' : 'E';
  if (digits === 0n) return ['0', '-0', '0.0', `-0${e}7`, `0${e}400`][how() % 5] as string;
  switch (how() % 4) {
    case 0:
      return power >= 0 && power < 40 ? `${digits}${'0'.repeat(power)}` : `${digits}${e}${power}`;
    case 1:
      return `${digits}.0${e}${power < 0 ? power : `+${power}`}`;
    case 2:
      return `${digits}000${e}${power - 3}`;
    default:
      return `${digits}${e}${power}`;
  }
}

const escaped = (said: string): string =>
  `"${[...Array(said.length).keys()].map((at) => `\\u${said.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;

/** One text for each meaning. */
function meaning(at: Value): string {
  switch (at.kind) {
    case 'word':
      return at.text;
    case 'number': {
      let { digits, power } = at;
      while (digits !== 0n && digits % 10n === 0n) [digits, power] = [digits / 10n, power + 1];
      return digits === 0n ? 'number 0' : `number ${digits} ${power}`;
    }
    case 'text':
      return JSON.stringify(at.text);
    case 'list':
      return `[${at.values.map(meaning).join(',')}]`;
    case 'object':
      return `{${at.members
        .map(([key, inner]) => `${JSON.stringify(key)}:${meaning(inner)}`)
        .sort()
        .join(',')}}`;
  }
}

/** The value with one leaf a little different, or as it is. */
function nudged(at: Value, seed: number): Value {
  if (at.kind === 'number') {
    return { ...at, digits: seed % 4 === 3 ? -at.digits : at.digits + BigInt((seed % 4) - 1) };
  }
  if (at.kind === 'text') return { ...at, text: seed % 2 === 0 ? at.text : `${at.text}\u0000` };
  if (at.kind === 'list' && at.values.length > 0) {
    const index = seed % at.values.length;
    return { ...at, values: at.values.map((inner, i) => (i === index ? nudged(inner, seed >> 2) : inner)) };
  }
  if (at.kind === 'object' && at.members.length > 0) {
    const index = seed % at.members.length;
    return {
      ...at,
      members: at.members.map(([key, inner], i) => [key, i === index ? nudged(inner, seed >> 2) : inner]),
    };
  }
  return at;
}

const header = { kind: 'golden', schemaVersion: 1, scenario: 's', client: 'python', engineVersion: '1' } as const;

/** As a driver writes it, and the harness reads it. */
function observed(json: string) {
  const message = parseDriverMessage(
    `{"type":"line","run":"1","t":1,"line":{"ch":"event","lane":"h","method":"x","payload":{"v":${json}},"known":true}}`,
  );
  if (message.type !== 'line') throw new Error('no line');
  const { payload } = message.line as unknown as { payload: JsonObject };
  return asNormalised({ header, lines: [{ lane: 'user/h', ch: 'event', key: 'x', body: { payload } }], fired: {} });
}

/** As it stands in a golden's file, and is read from there. */
function recorded(observation: ReturnType<typeof observed>) {
  const { header: first, lines } = parseGoldenFile(formatGoldenFile(observation), 'golden.jsonl');
  return asNormalised({ header: first, lines: lines as NormalisedLine[], fired: {} });
}

test('two values are equal if and only if their texts mean the same numbers and texts', () => {
  let [same, different] = [0, 0];
  fc.assert(
    fc.property(value, value, fc.nat(), fc.infiniteStream(fc.nat({ max: 1000 })), (one, other, seed, ways) => {
      const how = () => ways.next().value as number;
      for (const [left, right] of [
        [one, one],
        [one, nudged(one, seed)],
        [one, other],
      ] as const) {
        const golden = recorded(observed(written(left, how)));
        const actual = observed(written(right, how));
        const equal = meaning(left) === meaning(right);
        if (equal) same += 1;
        else different += 1;
        expect(compare(golden, actual).length === 0).toBe(equal);
        expect(differs(golden, actual)).toBe(!equal);
      }
    }),
    { numRuns: 1500 },
  );
  expect(Math.min(same, different)).toBeGreaterThan(500);
});
