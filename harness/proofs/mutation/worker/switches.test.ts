import { afterEach, expect, test, vi } from 'vitest';

const all = globalThis as { __stryker__?: object };
afterEach(() => {
  delete all.__stryker__;
  vi.resetModules();
});

test('sources that were loaded before the switches have the same', async () => {
  const made = { mutantCoverage: { static: { 7: 1 }, perTest: {} } };
  all.__stryker__ = made;
  const { switches } = await import('./switches.ts');
  expect(switches).toBe(made);
  expect(switches.mutantCoverage.static).toEqual({ 7: 1 });
});

test('without any, they are made, all off', async () => {
  const { switches } = await import('./switches.ts');
  expect(all.__stryker__).toBe(switches);
  expect(switches).toEqual({ mutantCoverage: { static: {}, perTest: {} } });
});
