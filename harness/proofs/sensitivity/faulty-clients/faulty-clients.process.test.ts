import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FaultName, faults, faultyClients } from './faults.ts';
import { proveFault } from './prove-fault.ts';
import { expectFlagged } from './test-fixtures/expect-flagged.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
beforeAll(() => execa(process.execPath, ['scripts/build-fake.mjs'], { cwd: repository }));

describe.concurrent('a faulty client or driver is flagged at its place', () => {
  test('none: without a fault the verdict is that of the client itself', async () => {
    expect(await proveFault('none')).toMatchObject({ verdict: 'match', unexplained: [] });
  });

  test.each(faultyClients.names)('%s', async (name: FaultName) => {
    expectFlagged(faults[name], await proveFault(name));
  });
});

test('a fault that is not there is refused, and no run passes for one', async () => {
  expect(await proveFault('none-such' as FaultName)).toMatchObject({ verdict: 'could-not-run' });
});
