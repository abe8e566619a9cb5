/**
 * The program that runs mutants (started by `worker-process.ts`, bundled with the mutated SDK by `bundle-worker.ts`):
 * the driver of our SDK, a cell and the fake engine in one process. Orders and results go over the IPC channel.
 */
import type { WorkDone, WorkerOptions, WorkOrder } from '../types.ts';
import { loadFake, runningFake } from './fake-process.ts';
import { switches } from './switches.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
loadFake(options.fakeProgram);

const realKill = process.kill.bind(process);
process.kill = (pid, signal) => {
  const fake = runningFake(pid);
  if (fake === undefined) return realKill(pid, signal);
  if (signal !== 0) fake.signal((signal ?? 'SIGTERM') as NodeJS.Signals);
  return true;
};

switches.activeMutant = options.mutant;
const { runOrder } = await import('./run-order.ts');
const answer = (done: WorkDone) => void process.send?.(done);
process.on('message', (order: WorkOrder) => void runOrder(order, options).then(answer));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
