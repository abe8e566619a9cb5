import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeRunFolder } from '../engine/run-folder.ts';
import type { JsonValue } from '../json/json.ts';
import { differenceText, type PlayReport } from './play-report.ts';
import { type PlayedEngine, playEngine } from './played-engine.ts';

/** Options of `replay()`. */
export interface ReplayOptions {
  /**
   * `true`: the client must send exactly what was recorded. Default false: other parameters are told in `finish()`'s
   * `differences`; other methods, threads, turns and counts always fail.
   */
  strict?: boolean;
  /** The folder that stands in for the recorded working directory. Default: that of this process. */
  workspace?: string;
}

/** Dates within texts, and the ids made from it: the same in each replay. */
const moment = Date.UTC(2026, 0, 1);

/**
 * An engine that says again what a recording has (of `record()`, or a golden of this project): it binds ids, awaits the client's
 * messages, and needs no model, no account and no network. Latches of a golden count as released.
 * @throws Error when the file is not there or is no recording
 */
export async function replay(file: string, options: ReplayOptions = {}): Promise<PlayedEngine> {
  const header = await readHeader(file);
  const engineVersion = typeof header.engineVersion === 'string' ? { engineVersion: header.engineVersion } : {};
  return playEngine({
    what: `The recording ${file}`,
    folder: await makeRunFolder(),
    options: {
      golden: resolve(file),
      ...engineVersion,
      seed: 'replay',
      moment,
      paths: { workspace: resolve(options.workspace ?? '.') },
    },
    check: ({ differences, starts }: PlayReport) => {
      const wanted = typeof header.starts === 'number' ? header.starts : starts;
      const missing =
        starts < wanted ? [`the client started the engine ${starts} times; the recording does so ${wanted} times`] : [];
      return options.strict ? [...missing, ...differences.map(differenceText)] : missing;
    },
  });
}

async function readHeader(file: string): Promise<{ [key: string]: JsonValue }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`Replaying ${file}: it cannot be read; wanted a recording, as record() writes it`, { cause });
  }
  const rows = text.split('\n');
  try {
    const header = JSON.parse(rows[0] ?? '') as { [key: string]: JsonValue };
    if (header.kind !== 'golden' || header.schemaVersion !== 1)
      throw new Error(`its first line is ${rows[0]?.slice(0, 120)}`);
    const starts = rows.filter((row) => row.includes('"ch":"argv"') && row.includes('"app-server"')).length;
    return starts > 0 ? { ...header, starts } : header;
  } catch (cause) {
    throw new Error(`Replaying ${file}: it is no recording (kind "golden", schemaVersion 1)`, { cause });
  }
}
