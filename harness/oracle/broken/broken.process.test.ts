import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BreakName, breaks, brokenClients } from './breaks.ts';
import { provesBreak } from './prove-break.ts';
import { expectFlagged } from './test-fixtures/expect-flagged.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
beforeAll(() => execa(process.execPath, ['scripts/build-fake.mjs'], { cwd: repository }));

describe.concurrent('a broken client or driver is flagged at its place', () => {
  test('none: without a break the verdict is that of the client itself', async () => {
    expect(await provesBreak('none')).toMatchObject({ verdict: 'match', unexplained: [] });
  });

  test.each(brokenClients.names)('%s', async (name: BreakName) => {
    expectFlagged(breaks[name], await provesBreak(name));
  });
});

test('a break that is not there is refused, and no run passes for one', async () => {
  expect(await provesBreak('none-such' as BreakName)).toMatchObject({ verdict: 'could-not-run' });
});
