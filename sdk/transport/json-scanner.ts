import { deepestJson } from './parse-json.ts';

/** A state of the scanner, or what it does with the levels of nesting. */
type Step = string;

const space = ' \t\r\n';
const ends: [string, Step][] = [
  [space, 'after'],
  [',', 'comma'],
  ['}', 'close object'],
  [']', 'close array'],
];
const value: [string, Step][] = [
  ['"', 'text'],
  ['{', 'open object'],
  ['[', 'open array'],
  ['-', 'sign'],
  ['0', 'zero'],
  ['123456789', 'digits'],
  ['t', 't'],
  ['f', 'f'],
  ['n', 'n'],
];

/** All bytes from one to another, as characters. */
const range = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index)).join('');
const tail = range(0x80, 0xbf);

/**
 * A string, as a key or as a value; `after` is the step after its closing quote. It may contain any UTF-8 character
 * (RFC 3629) except controls: nothing overlong, no surrogate, nothing above U+10FFFF.
 */
const string = (name: string, after: Step): Record<Step, [string, Step][]> => ({
  [name]: [
    [range(0x20, 0x7f), name],
    ['"', after],
    ['\\', `${name} escape`],
    [range(0xc2, 0xdf), `${name} tail`],
    [range(0xe1, 0xef), `${name} two tails`],
    ['\xe0', `${name} after e0`],
    ['\xed', `${name} after ed`],
    [range(0xf1, 0xf3), `${name} three tails`],
    ['\xf0', `${name} after f0`],
    ['\xf4', `${name} after f4`],
  ],
  [`${name} tail`]: [[tail, name]],
  [`${name} two tails`]: [[tail, `${name} tail`]],
  [`${name} three tails`]: [[tail, `${name} two tails`]],
  [`${name} after e0`]: [[range(0xa0, 0xbf), `${name} tail`]],
  [`${name} after ed`]: [[range(0x80, 0x9f), `${name} tail`]],
  [`${name} after f0`]: [[range(0x90, 0xbf), `${name} two tails`]],
  [`${name} after f4`]: [[range(0x80, 0x8f), `${name} two tails`]],
  [`${name} escape`]: [
    ['"\\/bfnrt', name],
    ['u', `${name} 1`],
  ],
  ...Object.fromEntries(
    [1, 2, 3, 4].map((digit) => [
      `${name} ${digit}`,
      [['0123456789abcdefABCDEF', digit === 4 ? name : `${name} ${digit + 1}`]],
    ]),
  ),
});

const word = (text: string): Record<Step, [string, Step][]> =>
  Object.fromEntries(
    [...text.slice(1)].map((character, index) => [
      text.slice(0, index + 1),
      [[character, index + 2 === text.length ? 'after' : text.slice(0, index + 2)]],
    ]),
  );

/** The grammar of JSON (RFC 8259), by bytes. Anything that is missing here has no next state. */
const grammar: Record<Step, [string, Step][]> = {
  start: [
    [space, 'start'],
    ['{', 'open object'],
  ],
  'first key': [
    [space, 'first key'],
    ['"', 'key'],
    ['}', 'close object'],
  ],
  'next key': [
    [space, 'next key'],
    ['"', 'key'],
  ],
  ...string('key', 'colon'),
  colon: [
    [space, 'colon'],
    [':', 'value'],
  ],
  value: [[space, 'value'], ...value],
  'first value': [[space, 'first value'], ...value, [']', 'close array']],
  ...string('text', 'after'),
  ...word('true'),
  ...word('false'),
  ...word('null'),
  sign: [
    ['0', 'zero'],
    ['123456789', 'digits'],
  ],
  zero: [...ends, ['.', 'point'], ['eE', 'exponent']],
  digits: [...ends, ['0123456789', 'digits'], ['.', 'point'], ['eE', 'exponent']],
  point: [['0123456789', 'fraction']],
  fraction: [...ends, ['0123456789', 'fraction'], ['eE', 'exponent']],
  exponent: [
    ['0123456789', 'power'],
    ['+-', 'power sign'],
  ],
  'power sign': [['0123456789', 'power']],
  power: [...ends, ['0123456789', 'power']],
  after: ends,
  end: [[space, 'end']],
};

const levelSteps = ['open object', 'open array', 'close object', 'close array', 'comma'];
const names = [...Object.keys(grammar), ...levelSteps];
/** The number of a state; 0 if there is none. */
const numberOf = (step: Step): number => names.indexOf(step) + 1;
const firstLevelStep = numberOf('open object');
const [start, text, key, after, end] = ['start', 'text', 'key', 'after', 'end'].map(numberOf) as [
  number,
  number,
  number,
  number,
  number,
];
const [openObject, openArray, closeObject, closeArray] = levelSteps.map(numberOf);
const [firstKey, nextKey, firstValue, nextValue] = ['first key', 'next key', 'first value', 'value'].map(numberOf) as [
  number,
  number,
  number,
  number,
];

/** The next state, by state and byte. */
const table = new Uint8Array((names.length + 1) * 256);
for (const [state, steps] of Object.entries(grammar)) {
  const row = numberOf(state) * 256;
  // If two steps match a byte, the later one wins.
  for (const [bytes, next] of steps) {
    for (const character of bytes) table[row + character.charCodeAt(0)] = numberOf(next);
  }
}

/**
 * Reads the bytes of a JSON object as they arrive, each once, and reports the first byte that cannot be right. It needs
 * one byte of memory for each level of nesting.
 */
export class JsonScanner {
  readonly #isArray = new Uint8Array(deepestJson);
  #depth = 0;
  #state = start;

  /** Whether the object is complete. */
  get complete(): boolean {
    return this.#state === end;
  }

  /** @returns what is wrong, starting with the byte that shows it; undefined while it can still become an object */
  scan(bytes: Uint8Array): 'malformed' | 'too deep' | undefined {
    let state = this.#state;
    for (let at = 0; at < bytes.length; at += 1) {
      // Most of a long line is text.
      if (state === text || state === key) {
        const row = state * 256;
        while (table[row + (bytes[at] ?? 0)] === state) at += 1;
        if (at >= bytes.length) break;
      }
      state = table[state * 256 + (bytes[at] ?? 0)] ?? 0;
      if (state >= firstLevelStep) {
        state = this.#level(state);
        if (this.#depth > deepestJson) return 'too deep';
      }
      if (state === 0) return 'malformed';
    }
    this.#state = state;
    return undefined;
  }

  #level(step: number): number {
    if (step === openObject || step === openArray) {
      this.#isArray[this.#depth] = step === openArray ? 1 : 0;
      this.#depth += 1;
      return step === openArray ? firstValue : firstKey;
    }
    const inArray = this.#isArray[this.#depth - 1] === 1;
    if (step === closeObject || step === closeArray) {
      if (inArray !== (step === closeArray)) return 0;
      this.#depth -= 1;
      return this.#depth === 0 ? end : after;
    }
    return inArray ? nextValue : nextKey;
  }
}
