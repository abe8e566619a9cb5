import { expect, test } from 'vitest';
import { configOverrides } from './config-overrides.ts';

test('nested objects are dotted paths, leaves are TOML (255)', () => {
  const config = {
    a: { b: [1, { c: 'q', 'd e': true, gone: undefined }], e: {}, f: { g: undefined } },
    s: 't"x\u007f',
    n: 1.5,
    off: false,
    gone: undefined,
  };
  expect(configOverrides(config as never)).toEqual([
    'a.b=[1, {c = "q", "d e" = true}]',
    'a.e={}',
    's="t\\"x\\u007F"',
    'n=1.5',
    'off=false',
  ]);
  expect(configOverrides({})).toEqual([]);
});

const circle: Record<string, unknown> = {};
circle['self'] = circle;

test.each<[unknown, string]>([
  [{ a: null }, 'Codex config override at a cannot be null'],
  [{ a: [null] }, 'Codex config override at a[0] cannot be null'],
  [{ a: [{ b: null }] }, 'Codex config override at a[0].b cannot be null'],
  [{ a: { b: Number.NaN } }, 'Codex config override at a.b must be a finite number'],
  [{ '': 1 }, 'Codex config override keys must be non-empty strings'],
  [{ a: [{ '': 1 }] }, 'Codex config override keys must be non-empty strings'],
  [[], 'Codex config overrides must be a plain object'],
  [{ a: () => 1 }, 'Unsupported Codex config override value at a: function'],
  [
    { 'a=1 #': 2 },
    'Writing config as settings of the engine: expected a key without "=" and without space at its ends, got "a=1 #".',
  ],
  [
    { a: { ' b': 2 } },
    'Writing config as settings of the engine: expected a key without "=" and without space at its ends, got " b".',
  ],
  [{ a: ['\ud800'] }, 'Writing config at a[0]: expected well-formed Unicode, got half of a surrogate pair.'],
  [{ a: [{ '\udfff': 1 }] }, 'Writing config at a[0]: expected well-formed Unicode, got half of a surrogate pair.'],
  [{ a: -(2 ** 63) }, 'Writing config at a: expected an integer of 64 bits, got -9223372036854776000.'],
  [{ a: new Map() }, 'Writing config at a: expected a plain object, got an object of class Map.'],
  [{ a: [circle] }, 'Writing config at a[0].self: expected a value that ends, got one that holds itself.'],
  [circle, 'Writing config at self: expected a value that ends, got one that holds itself.'],
  // A hole is undefined, which has no TOML.
  [{ a: new Array(1) }, 'Unsupported Codex config override value at a[0]: undefined'],
])('what TOML cannot say is refused: %j (256)', (config, text) => {
  expect(() => configOverrides(config as never)).toThrow(new TypeError(text));
});
