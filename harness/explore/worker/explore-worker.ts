/**
 * The program that plays explored runs (started by `worker-process.ts`, bundled by `bundle-worker.ts`): cells, the fake engine, our SDK and the judging in one
 * process, and the drivers of Python beside it, whose engines run in here too. Orders and results go over the IPC channel.
 */
import { loadFake, runningFake } from '../../proofs/mutation/worker/fake-process.ts';
import type { ExploreOrder, WorkerOptions } from './protocol.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
loadFake(options.fakeProgram);

const realKill = process.kill.bind(process);
process.kill = (pid, signal) => {
  const fake = runningFake(pid);
  if (fake === undefined) return realKill(pid, signal);
  if (signal !== 0) fake.signal((signal ?? 'SIGTERM') as NodeJS.Signals);
  return true;
};

const { OrderPlayer } = await import('./play-order.ts');
const player = await OrderPlayer.open(options);
process.on('message', (order: ExploreOrder) => void player.play(order).then((done) => process.send?.(done)));
process.on('disconnect', () => void player.close().then(() => process.exit(0)));
process.send?.('ready');
