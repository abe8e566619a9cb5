import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onAbort } from './on-abort.ts';

const onSignal = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('however many wait and stop, in whatever order, a signal has one listener of ours or none, and tells exactly who still waits', () => {
  const steps = fc.array(fc.oneof(fc.constant('wait' as const), fc.nat()), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (orders) => {
      const controller = new AbortController();
      const told: number[] = [];
      const stops = new Map<number, () => void>();
      let next = 0;
      for (const order of orders) {
        if (order === 'wait') {
          const id = next++;
          stops.set(
            id,
            onAbort(controller.signal, () => told.push(id)),
          );
        } else if (stops.size > 0) {
          const id = [...stops.keys()][order % stops.size] as number;
          stops.get(id)?.();
          // Twice is harmless.
          stops.get(id)?.();
          stops.delete(id);
        }
        expect(onSignal(controller.signal)).toBe(stops.size > 0 ? 1 : 0);
      }
      controller.abort();
      expect(told).toEqual([...stops.keys()]);
      expect(onSignal(controller.signal)).toBe(0);
      for (const stop of stops.values()) stop();
      expect(onSignal(controller.signal)).toBe(0);
    }),
  );
});

test('without a signal there is nothing to do', () => {
  expect(onAbort(undefined, () => expect.unreachable())()).toBeUndefined();
});

test('nothing else of the SDK hears a signal, which may be the caller’s and have many calls', () => {
  const sdk = join(import.meta.dirname, '..');
  const files = readdirSync(sdk, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.test\.ts$|test-fixtures/.test(file),
  );
  expect(files.length).toBeGreaterThan(200);
  const hearing = files.filter((file) => /addEventListener\('abort'/.test(readFileSync(join(sdk, file), 'utf8')));
  expect(hearing).toEqual([join('host', 'on-abort.ts')]);
});
