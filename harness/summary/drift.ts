import { isObject, type JsonValue } from '../../testing/json/json.ts';
import type { CellResult } from '../cell/types.ts';
import type { ClientId } from '../clients/clients.ts';
import type { Difference } from '../compare/compare.ts';
import { withoutPositions } from '../verdict/failure-groups.ts';

/** What the references show differently on another engine than the pin than in their goldens. */
export interface DriftFigures {
  /** Runs of references that were compared with their goldens. */
  compared: number;
  /** Of these: unlike it. */
  drifted: number;
  /** The same difference in many scenarios is one change, the most frequent first. */
  changes: DriftChange[];
}

export interface DriftChange {
  kind: Difference['kind'];
  // A field that came or went in several messages is one change, `CHANNEL:**` and its name.
  /** As in the ledger: `CHANNEL:KEY` and a JSON pointer, list positions as `*`, several places as `**`. */
  path: string;
  /** What the golden has, and what the engine shows: the value if it is the same everywhere, otherwise its kind. */
  before?: string;
  after?: string;
  /** In how many scenarios. */
  scenarios: number;
  /** One of them, and the client that ran it. */
  example: string;
  client: ClientId;
}

/** What the references of these cells show differently than their goldens. */
export function driftOf(cells: readonly CellResult[]): DriftFigures {
  const references = cells.filter(({ drift, round }) => drift !== undefined && round === 1);
  const classes = new Map<string, { cell: CellResult; scenarios: Set<string>; of: Difference[] }>();
  for (const cell of references) {
    for (const difference of cell.drift ?? []) {
      const name = className(difference);
      const known = classes.get(name) ?? { cell, scenarios: new Set(), of: [] };
      known.scenarios.add(cell.scenario);
      known.of.push(difference);
      classes.set(name, known);
    }
  }
  const changes = [...classes.values()].map(({ cell, scenarios, of }): DriftChange => {
    const [first] = of as [Difference];
    const shapes = new Set(of.map(({ path }) => withoutPositions(path)));
    const [shape = ''] = shapes;
    return {
      kind: first.kind,
      path: shapes.size === 1 ? shape : `${first.ch}:**/${fieldOf(first.path)}`,
      ...(first.kind === 'changed' && {
        before: commonValue(of.map(({ expected }) => expected)),
        after: commonValue(of.map(({ actual }) => actual)),
      }),
      scenarios: scenarios.size,
      example: cell.scenario,
      client: cell.client,
    };
  });
  return {
    compared: references.length,
    drifted: references.filter(({ drift = [] }) => drift.length > 0).length,
    changes: changes.sort((a, b) => b.scenarios - a.scenarios || (a.path < b.path ? -1 : 1)),
  };
}

/** Differences of one name are one change. */
function className({ kind, ch, path, expected, actual }: Difference): string {
  const [before, after] = [kindOf(expected), kindOf(actual)];
  // What a message of many types gains or loses is one decision of the engine's makers.
  const cameOrWent = kind === 'changed' && (before === 'nothing') !== (after === 'nothing');
  const place = cameOrWent ? `${ch} ${fieldOf(path)}` : withoutPositions(path);
  return kind === 'changed' ? [kind, place, before, after].join(' ') : `${kind} ${place}`;
}

const fieldOf = (path: string): string => withoutPositions(path).split('/').at(-1) as string;

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return typeof value === 'string' ? 'a text' : typeof value === 'boolean' ? 'true or false' : 'a number';
}

const longest = 60;

/** The value itself where all are the same and it is short. */
function commonValue(values: readonly (JsonValue | undefined)[]): string {
  const [first] = values;
  const text = JSON.stringify(first) as string | undefined;
  const isCommon = text !== undefined && text.length <= longest && values.every((one) => JSON.stringify(one) === text);
  return isCommon ? text : kindOf(first);
}
