import { parentPort } from 'node:worker_threads';
import { parseGolden } from '../../../golden/golden-file.ts';
import { measureSensitivity } from './measure.ts';

/** A thread of `measureAll`: measures the goldens that it is given, one after the other. */
parentPort?.on('message', async ({ text, most }: { text: string; most: number }) => {
  parentPort?.postMessage(await measureSensitivity([parseGolden(text, 'golden')], { most }));
});
