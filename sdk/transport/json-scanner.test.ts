import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonScanner } from './json-scanner.ts';
import { deepestJson } from './parse-json.ts';

function scan(bytes: Buffer, cuts: number[] = []) {
  const scanner = new JsonScanner();
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < edges.length; i += 1) {
    const problem = scanner.scan(bytes.subarray(edges[i - 1], edges[i]));
    if (problem !== undefined) return problem;
  }
  return scanner.complete ? 'complete' : 'cut';
}

/** What the parser says: an object, a text that could become one, or neither. */
function parsed(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const json = fc.oneof(
  fc.json({ maxDepth: 4 }).map((text) => `{"a":${text}}`),
  fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value, null, 1)),
  fc.constantFrom(
    '{"a":-0.5e+10,"b":[1E5,0,-1.0e-3]}',
    '{"\\u00e9\\"\\\\\\/\\b":"\\ud800"}',
    ' \t{ "a" : [ ] , "b" : { } }\r',
  ),
);
/** A change of one character, at a share of the length. */
const change = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(
    '',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '1',
    '-',
    '.',
    'e',
    'E',
    '+',
    'u',
    't',
    ' ',
    '\x01',
    '\x1f',
    'é',
    '\u2028',
  ),
  fc.boolean(),
);

test('of any text it says what the parser says, however it is cut in pieces', () => {
  fc.assert(
    fc.property(json, fc.option(change), fc.array(fc.nat()), (text, changed, cuts) => {
      const at = changed ? Math.floor(changed[0] * text.length) : 0;
      const given = changed ? text.slice(0, at) + changed[1] + text.slice(at + (changed[2] ? 1 : 0)) : text;
      expect(scan(Buffer.from(given), cuts) === 'complete', given).toBe(parsed(given));
    }),
    { numRuns: 5000 },
  );
});

test('of any bytes in a string it says what the decoder and the parser say', () => {
  const lead = fc.constantFrom(
    0x7f,
    0x80,
    0xbf,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xe1,
    0xec,
    0xed,
    0xee,
    0xef,
    0xf0,
    0xf1,
    0xf3,
    0xf4,
    0xf5,
  );
  const next = fc.constantFrom(0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0x41);
  const bytes = fc.oneof(
    fc.tuple(lead, fc.array(next, { maxLength: 3 })).map(([first, others]) => Buffer.from([first, ...others])),
    fc.uint8Array({ maxLength: 6 }).map((some) => Buffer.from(some)),
    fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(
      bytes,
      fc.constantFrom(['{"a":"', '"}'], ['{"', '":1}']),
      fc.array(fc.nat()),
      (some, [begin, end], cuts) => {
        const line = Buffer.concat([Buffer.from(begin ?? ''), some, Buffer.from(end ?? '')]);
        const right = isUtf8(line) && parsed(line.toString('utf8'));
        expect(scan(line, cuts) === 'complete', line.toString('hex')).toBe(right);
      },
    ),
    { numRuns: 5000 },
  );
});

test('the beginning of an object is cut, at any byte, and never malformed', () => {
  fc.assert(
    fc.property(json, fc.nat(), (text, end) => {
      const bytes = Buffer.from(text.trimEnd());
      expect(scan(bytes.subarray(0, end % bytes.length))).toBe('cut');
    }),
  );
});

test.each([
  '[]',
  '5',
  '"x"',
  'null',
  'x',
  '\x01',
  '{}{}',
  '{"a":01}',
  '{"a":tru}',
  '{"a":"\n"}',
  '{"a":1]',
  '{"a":[1}',
])('%j is malformed, at the byte that shows it', (text) => expect(scan(Buffer.from(text))).toBe('malformed'));

test('what is too deep is said at the level that is one too many', () => {
  const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
  expect(scan(Buffer.from(nested(deepestJson)))).toBe('complete');
  expect(scan(Buffer.from(nested(deepestJson + 1).slice(0, deepestJson + 5)))).toBe('too deep');
  expect(scan(Buffer.from(`{"a":[${'[],'.repeat(5000)}"${'['.repeat(5000)}"]}`))).toBe('complete');
});
