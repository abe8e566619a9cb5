import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';

export interface PlacedLine {
  line: NormalisedLine;
  /** Among all lines of the observation, as `Difference` counts. */
  number: number;
}

/** Lane → its lines in their order. */
export type PlacedLanes = Map<string, PlacedLine[]>;

/** The lanes of an observation; those lines alone that `keep` wants. */
export function placeLanes(
  observation: NormalisedObservation | undefined,
  keep: (line: NormalisedLine) => boolean = () => true,
): PlacedLanes {
  const lanes: PlacedLanes = new Map();
  for (const [number, line] of (observation?.lines ?? []).entries()) {
    if (!keep(line)) continue;
    const { lane, ch, key, body } = line;
    const placed = lanes.get(lane);
    if (placed === undefined) lanes.set(lane, [{ line: { lane, ch, key, body }, number }]);
    else placed.push({ line: { lane, ch, key, body }, number });
  }
  return lanes;
}

/** Number of a line among all → its place in its lane. */
export function placesOf(lanes: PlacedLanes): Map<number, number> {
  return new Map(
    [...lanes.values()].flatMap((placed) => placed.map(({ number }, place): [number, number] => [number, place])),
  );
}
