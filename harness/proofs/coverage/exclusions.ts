import { escapeRegExp } from '../../../testing/text.ts';
import type { EngineKind } from '../../clients/clients.ts';
import { parseYaml, readText } from '../../data/read-yaml.ts';
import { type CoverageKind, type CoveragePoint, splitPoint } from './kinds.ts';

/** Points that cannot be covered, and why (`fixtures/coverage-exclusions.yaml`). */
export interface Exclusion {
  kinds: CoverageKind[];
  /** Names of points; `*` stands for anything. */
  names: string[];
  /** The engine that cannot show them. Absent: neither can. */
  engine?: EngineKind;
  reason: string;
}

/** @throws DataError with the place of everything that is wrong with the file */
export async function readExclusions(file: string): Promise<Exclusion[]> {
  return parseYaml<Exclusion[]>(await readText(file), file, 'coverage-exclusions').value;
}

/** Whether the exclusion speaks of the point on this engine. */
export function excludes({ kinds, names, engine }: Exclusion, point: CoveragePoint, on: EngineKind): boolean {
  const { kind, name } = splitPoint(point);
  if (engine !== undefined && engine !== on) return false;
  return kinds.includes(kind) && names.some((pattern) => patternOf(pattern).test(name));
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  const made = patterns.get(pattern) ?? new RegExp(`^${pattern.split('*').map(escapeRegExp).join('.*')}$`, 's');
  patterns.set(pattern, made);
  return made;
}
