import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Bindings } from './bindings.ts';
import { Filler } from './fill.ts';
import { leafDifferences } from './leaf-differences.ts';

const words = JSON.parse(
  readFileSync(new URL('../../fixtures/placeholder-words.json', import.meta.url), 'utf8'),
) as readonly { text: string; golden: string }[];

const bindings = () => new Bindings([], 'seed', 0);
const filler = () =>
  new Filler(bindings(), {
    paths: { workspace: '/w', home: '/h' },
    engineVersion: '1',
    moment: 0,
    port: '1',
    clientName: 'n',
    clientTitle: 't',
    clientVersion: 'v',
    processId: 'p',
  });

test.each(words)('$golden of a golden is $text, said and heard', ({ text, golden }) => {
  for (const [written, said] of [
    [golden, text],
    [`a ${golden} b`, `a ${text} b`],
  ] as const) {
    expect(filler().fill({ [written]: [written] })).toEqual({ [said]: [said] });
    expect(leafDifferences({ a: written, [written]: 1 }, { a: said, [said]: 1 }, bindings(), new Map())).toEqual([]);
  }
});

test('a filled-in value that looks like an escape is not touched', () => {
  const fill = new Filler(bindings(), {
    ...({} as ConstructorParameters<typeof Filler>[1]),
    moment: 0,
    paths: { home: '<\\tmp>' },
  });
  expect(fill.fill('<home> <\\home>')).toBe('<\\tmp> <home>');
});

test('a message has one moment, whatever its fields are called, and none is before that of an earlier one', () => {
  const clock = vi.spyOn(Date, 'now');
  onTestFinished(() => clock.mockRestore());
  for (const now of [5001, 5002, 4000, 7000]) clock.mockReturnValueOnce(now);
  const fill = filler();
  const item = { completedAtMs: '<millis>', inner: [{ startedAtMs: '<millis>' }], at: '<seconds>' };
  const filled = (ms: number) => ({ completedAtMs: ms, inner: [{ startedAtMs: ms }], at: Math.floor(ms / 1000) });
  expect([1, 2, 3, 4].map(() => fill.fill(item))).toEqual([5001, 5002, 5002, 7000].map(filled));
  expect(clock).toHaveBeenCalledTimes(4);
});
