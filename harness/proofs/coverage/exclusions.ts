import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { escapeRegExp } from '../../../testing/text.ts';
import type { EngineKind } from '../../clients/types.ts';
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

const schemaFile = fileURLToPath(new URL('../../../fixtures/schema/coverage-exclusions.schema.json', import.meta.url));

/** @throws Error with everything that is wrong with the file */
export async function readExclusions(file: string): Promise<Exclusion[]> {
  const [text, schema] = await Promise.all([readFile(file, 'utf8'), readFile(schemaFile, 'utf8')]);
  const entries = (parse(text) ?? []) as unknown;
  const validate = new Ajv({ allErrors: true }).compile<Exclusion[]>(JSON.parse(schema) as object);
  if (validate(entries)) return entries;
  const problems = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  throw new Error(`Reading ${file}: ${problems.join('; ')}`);
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
