/**
 * The program that plays explored runs (started by `worker-process.ts`, bundled by `bundle-worker.ts`): cells, the fake engine, our SDK and the judging in one
 * process, and the drivers of Python beside it, whose engines run in here too. Orders and results go over the IPC channel.
 */
import { killFakesToo, loadFake } from '../../proofs/mutation/worker/fake-process.ts';
import { takeOrders } from '../../proofs/mutation/worker/take-orders.ts';
import type { ExploreOrder, WorkerOptions } from './protocol.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
loadFake(options.fakeProgram);

killFakesToo();

const { OrderPlayer } = await import('./play-order.ts');
const player = await OrderPlayer.open(options);
takeOrders((order: ExploreOrder) => player.play(order));
process.on('disconnect', () => void player.close().then(() => process.exit(0)));
process.send?.('ready');
