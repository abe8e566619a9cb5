import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { bundleProgram } from '../../driver/bundle-program.mjs';
import { keptBundle, root } from '../../driver/kept-bundle.mjs';
import { parseGolden } from '../../golden/golden-file.ts';
import { measureSensitivity, type SensitivityMeasure } from './tamper/measure.ts';

export interface MeasureAllOptions {
  /** How many changes to make to one golden. Default: all. */
  most?: number;
  /** After each golden: how many are done. */
  onDone?(done: number): void;
  signal?: AbortSignal | undefined;
  /** How many threads. Default: one for each processor. */
  threads?: number;
}

/** Starting a thread takes as long as so many goldens. */
const worthAThread = 10;

/**
 * What of the changes to each golden is flagged, in the order of the goldens: on all processors, as nothing else runs by then.
 * @param texts of golden files
 * @throws the signal's reason
 */
export async function measureAll(texts: readonly string[], options: MeasureAllOptions): Promise<SensitivityMeasure[]> {
  const { most = Number.POSITIVE_INFINITY, onDone, signal, threads = availableParallelism() } = options;
  const figures: SensitivityMeasure[] = [];
  let next = 0;
  let done = 0;
  const takeFrom = async (measure: (text: string) => Promise<SensitivityMeasure>) => {
    while (next < texts.length) {
      signal?.throwIfAborted();
      const at = next++;
      figures[at] = await measure(texts[at] ?? '');
      onDone?.(++done);
    }
  };
  const count = Math.min(threads, Math.floor(texts.length / worthAThread));
  const program = count > 1 ? await workerProgram() : undefined;
  if (program === undefined) {
    await takeFrom((text) => measureSensitivity([parseGolden(text, 'golden')], { most }));
    return figures;
  }
  const workers = Array.from({ length: count }, () => new Worker(program));
  try {
    await Promise.all(
      workers.map((worker) =>
        takeFrom(async (text) => {
          worker.postMessage({ text, most });
          const [figure] = await once(worker, 'message', { signal });
          return figure as SensitivityMeasure;
        }),
      ),
    );
    return figures;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Undefined where no bundle can be kept: then this thread does it alone. */
async function workerProgram(): Promise<string | undefined> {
  const source = path.join(root, 'harness', 'proofs', 'sensitivity', 'tamper', 'tamper-worker.ts');
  try {
    const { file } = await keptBundle(path.join(root, 'dist', 'programs'), 'tamper-worker.mjs', () =>
      bundleProgram(source),
    );
    return file;
  } catch {
    return undefined;
  }
}
