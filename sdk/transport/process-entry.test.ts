import { expect, test } from 'vitest';
import { readMac } from './process-entry.ts';

const text = `    1     0 Ss   Mon Nov 30 09:00:01 2026 /sbin/launchd
  501   500 S+   Mon Nov 30 10:16:28 2026 sleep 300 TWINPROOF_ENGINE=a PATH=/bin NOTE=two
lines
  502   501 Z    Mon Nov  2 10:16:29 2026 (sleep)
  503   501 R    Mon Nov  2 10:16:29 2026 sh -c x
`;

test('ids, parents, starts and environments; a value may have lines; what has ended is left out', () => {
  expect(readMac(text).map(({ environment, ...rest }) => ({ ...rest, has: environment.includes('lines') }))).toEqual([
    { pid: 1, parent: 0, start: 'Mon Nov 30 09:00:01 2026', has: false },
    { pid: 501, parent: 500, start: 'Mon Nov 30 10:16:28 2026', has: true },
    { pid: 503, parent: 501, start: 'Mon Nov  2 10:16:29 2026', has: false },
  ]);
  expect(readMac('')).toEqual([]);
});
