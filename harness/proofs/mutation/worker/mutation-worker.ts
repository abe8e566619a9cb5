/**
 * The program that runs mutants (started by `worker-process.ts`, bundled with the mutated SDK by `bundle-worker.ts`):
 * the driver of our SDK, a cell and the fake engine in one process. Orders and results go over the IPC channel.
 */
import { writeJson } from '../../../../testing/json/write-json.ts';
import type { WorkerOptions, WorkOrder } from '../types.ts';
import { killFakesToo, loadFake } from './fake-process.ts';
import { switches } from './switches.ts';
import { takeOrders } from './take-orders.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
loadFake(options.fakeProgram);

killFakesToo();

switches.activeMutant = options.mutant;
const { runOrder } = await import('./run-order.ts');
// As a driver writes it: without functions, and with numbers as they were written.
takeOrders<WorkOrder>(async (order) => writeJson(await runOrder(order, options)));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
