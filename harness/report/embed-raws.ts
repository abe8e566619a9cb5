import { writeJson } from '../../testing/json/write-json.ts';
import { cellPath } from '../cell/cell-path.ts';
import { type CellResult, failingVerdicts } from '../cell/types.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { readObservation } from '../observation/observation-file.ts';
import { pack } from './html/pack.ts';
import type { RawLines } from './model.ts';
import { placeLanes } from './place-lanes.ts';

/** Size of everything embedded, packed, in characters, because a report is sent around. About a thousand cells. */
const room = 8_000_000;

export interface EmbeddedRaws {
  /** Packed `RawLines`. */
  raws: string[];
  /** `cellPath` → index into `raws`. */
  places: ReadonlyMap<string, number>;
}

/**
 * The raw observations to embed: of the cells that fail, then of those with known differences, then of the others, as
 * far as there is room. A page opened as a file may not read the files next to it.
 * @param fileOf where a cell's raw observation is; undefined if there is none
 */
export async function embedRaws(
  results: readonly CellResult[],
  observations: ReadonlyMap<string, NormalisedObservation>,
  fileOf: (result: CellResult) => string | undefined,
  most = room,
): Promise<EmbeddedRaws> {
  const rank = ({ verdict, known }: CellResult) => (failingVerdicts.has(verdict) ? 0 : known.length > 0 ? 1 : 2);
  const raws: string[] = [];
  const places = new Map<string, number>();
  let used = 0;
  for (const result of results.toSorted((a, b) => rank(a) - rank(b))) {
    const file = fileOf(result);
    // Missing evidence is no reason to have no report: the cell is shown without it.
    const recorded = file === undefined ? undefined : await readObservation(file).catch(() => undefined);
    if (recorded === undefined) continue;
    const name = cellPath(result);
    const packed = pack({
      lines: recorded.lines.map((line) => writeJson(line)),
      origins: originsOf(observations.get(name)),
    } satisfies RawLines);
    if (used + packed.length > most) break;
    used += packed.length;
    places.set(name, raws.push(packed) - 1);
  }
  return { raws, places };
}

function originsOf(observation: NormalisedObservation | undefined): RawLines['origins'] {
  const { origins } = observation ?? {};
  if (origins === undefined) return {};
  const lanes = [...placeLanes(observation)];
  return Object.fromEntries(lanes.map(([lane, placed]) => [lane, placed.map(({ number }) => origins[number] ?? -1)]));
}
