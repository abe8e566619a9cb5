import type { Fault } from './fault.ts';
import { driverFaults } from './faults/driver-faults.ts';
import { errorFaults } from './faults/error-faults.ts';
import { eventFaults } from './faults/event-faults.ts';
import { execFaults } from './faults/exec-faults.ts';
import { processFaults } from './faults/process-faults.ts';
import { resultFaults } from './faults/result-faults.ts';
import { wireFaults } from './faults/wire-faults.ts';

const table = {
  ...eventFaults,
  ...resultFaults,
  ...errorFaults,
  ...wireFaults,
  ...processFaults,
  ...driverFaults,
  ...execFaults,
};

export type FaultName = keyof typeof table;

/** Every deliberately faulty client and driver, by name. */
export const faults: Readonly<Record<FaultName, Fault>> = table;

const names = Object.keys(faults) as FaultName[];

/** For the run's summary: the faulty clients that the harness is proven to flag, each at its place. */
export const faultyClients: { readonly count: number; readonly names: readonly FaultName[] } = {
  count: names.length,
  names,
};
