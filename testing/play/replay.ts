import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { fromCaller } from '../../sdk/errors/callers-line.ts';
import { opening } from '../engine/releases.ts';
import { makeRunFolder } from '../engine/run-folder.ts';
import { GoldenError, type GoldenFile, parseGoldenFile, playedStarts } from '../golden/golden-file.ts';
import { differenceText, type PlayReport } from './play-report.ts';
import { type PlayedEngine, playEngine, worksIn } from './played-engine.ts';

/** Options of `replay()`. */
export interface ReplayOptions {
  /**
   * `true`: the client must send exactly what was recorded. Default: false. Other parameters are then listed in the
   * `differences` of `finish()`; other methods, threads, turns and counts always fail.
   */
  strict?: boolean;
  /** The folder that replaces the recorded working directory. Default: the one that the client starts the engine in. */
  workspace?: string;
}

/** Dates in texts, and the ids made from them: the same in each replay. */
const moment = Date.UTC(2026, 0, 1);

/**
 * Starts an engine that plays back a recording (of `record()`, or a golden of this project). It matches ids, waits for
 * the client's messages, and needs no model, no account and no network. Latches of a golden count as released.
 * @throws Error if the file does not exist or is not a recording
 */
export async function replay(file: string, options: ReplayOptions = {}): Promise<PlayedEngine> {
  return await fromCaller(replay, () => openReplay(file, options));
}

async function openReplay(file: string, options: ReplayOptions): Promise<PlayedEngine> {
  const { header, lines } = await readRecording(file);
  const recorded = playedStarts(lines);
  return opening(async (releases) =>
    playEngine({
      what: `The recording ${file}`,
      folder: await makeRunFolder(releases),
      releases,
      options: {
        golden: resolve(file),
        engineVersion: header.engineVersion,
        seed: 'replay',
        moment,
        ...worksIn(options.workspace),
      },
      check: ({ differences, starts }: PlayReport) => {
        const missing =
          starts < recorded
            ? [`the client started the engine ${starts} times; the recording does so ${recorded} times`]
            : [];
        return options.strict ? [...missing, ...differences.map(differenceText)] : missing;
      },
    }),
  );
}

async function readRecording(file: string): Promise<GoldenFile> {
  const advice = 'Record it with record()';
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new GoldenError(expectedGot(`replaying ${file}`, 'a recording', 'a file that cannot be read', advice), {
      cause,
    });
  }
  return parseGoldenFile(text, file, advice);
}
