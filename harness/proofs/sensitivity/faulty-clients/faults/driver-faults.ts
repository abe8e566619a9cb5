import { writeSync } from 'node:fs';
import type { ClientAdapter } from '../../../../driver/ts/adapter.ts';
import { DriverFailure } from '../../../../driver/ts/failures.ts';
import type { Faults } from '../fault.ts';

/** Does something else when a turn is run. */
const atRun = (adapter: ClientAdapter, work: () => void): ClientAdapter => ({
  ...adapter,
  call(owner, name, args, signal) {
    if (name === 'run') work();
    return adapter.call(owner, name, args, signal);
  },
});

const scenario = 'turns/plain-message';

/** Drivers that fail: they prove nothing about the client, and must never count as a match or mismatch. */
export const driverFaults = {
  'driver-dies': {
    says: 'The driver ends in mid-run',
    scenario,
    expected: { verdict: 'could-not-run', reason: /^driver ts exited with code 3/ },
    apply: (adapter) => atRun(adapter, () => process.exit(3)),
  },
  'driver-killed': {
    says: 'The driver is killed in mid-run',
    scenario,
    expected: { verdict: 'could-not-run', reason: /^driver ts was ended by SIGKILL/ },
    apply: (adapter) => atRun(adapter, () => process.kill(process.pid, 'SIGKILL')),
  },
  'driver-fails': {
    says: 'The driver says that it cannot perform the run',
    scenario,
    expected: {
      verdict: 'could-not-run',
      reason: /^driver ts failed: DriverFailure: broken on purpose/,
    },
    apply: (adapter) =>
      atRun(adapter, () => {
        throw new DriverFailure('broken on purpose');
      }),
  },
  'driver-babbles': {
    says: 'The driver writes to stdout what is not of the protocol',
    scenario,
    expected: { verdict: 'could-not-run', reason: /^driver ts wrote to stdout what is not JSON: "debug: here"/ },
    // Bypasses the claim on stdout, as a native library would.
    apply: (adapter) => atRun(adapter, () => void writeSync(1, 'debug: here\n')),
  },
  'driver-lies': {
    says: 'The driver says that it is another client',
    scenario,
    expected: { verdict: 'could-not-run', reason: /is another client: expected ts, got bare/ },
    apply: (adapter) => ({ ...adapter, id: 'bare' }),
  },
} satisfies Faults;
