import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseYaml, readText } from '../../data/read-yaml.ts';
import type { MutantResult } from './try-mutant.ts';
import type { Mutant } from './types.ts';

/**
 * Mutants that no program can tell from the original, or none with an engine that keeps to its contract; each with its
 * reason.
 */
export interface EquivalentMutant {
  file: string;
  /** The source line on which the mutant begins, without its indentation, because line numbers change. */
  line: string;
  mutator: string;
  /** As the instrumenter writes it; absent for every replacement of this kind on this line. */
  replacement?: string;
  reason: string;
}

/**
 * Reads `fixtures/equivalent-mutants.yaml`; empty if the file does not exist.
 * @throws DataError if an entry is malformed, or names a line that its file does not have
 */
export async function readEquivalents(repository: string): Promise<EquivalentMutant[]> {
  const name = 'fixtures/equivalent-mutants.yaml';
  const file = path.join(repository, name);
  if (!existsSync(file)) return [];
  return parseYaml<EquivalentMutant[]>(await readText(file), name, 'equivalent-mutants', (entries, report) => {
    for (const [index, { file: source, line }] of entries.entries()) {
      if (!existsSync(path.join(repository, source)))
        report([index, 'file'], `expected a file of the repository, got ${source}`);
      else if (!sourceLines(repository, source).includes(line))
        report([index, 'line'], `expected a line of ${source}, got ${JSON.stringify(line)}`);
    }
  }).value;
}

/** Judges whether a mutant is listed. */
export function equivalence(repository: string, listed: readonly EquivalentMutant[]): (mutant: Mutant) => boolean {
  const texts = new Map(
    [...new Set(listed.map(({ file }) => file))].map((file) => [file, sourceLines(repository, file)]),
  );
  return ({ file, line, mutator, replacement }) =>
    listed.some(
      (one) =>
        one.file === file &&
        one.mutator === mutator &&
        one.line === texts.get(file)?.[line - 1] &&
        (one.replacement ?? replacement) === replacement,
    );
}

/** Entries that a scenario refutes, because the mutant was noticed. */
export function refuted(
  repository: string,
  listed: readonly EquivalentMutant[],
  noticed: readonly MutantResult[],
): { entry: EquivalentMutant; by: MutantResult }[] {
  return listed.flatMap((entry) => {
    // An entry for all replacements of a kind may be right for some of them.
    const by = entry.replacement === undefined ? undefined : noticed.find(equivalence(repository, [entry]));
    return by === undefined ? [] : [{ entry, by }];
  });
}

function sourceLines(repository: string, file: string): string[] {
  return readFileSync(path.join(repository, file), 'utf8')
    .split('\n')
    .map((line) => line.trim());
}
