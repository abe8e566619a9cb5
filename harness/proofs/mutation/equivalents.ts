import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { MutantResult } from './try-mutant.ts';
import type { Mutant } from './types.ts';

/** Mutants that no program can tell from the original, or none with an engine that keeps to its contract; each with its reason. */
export interface EquivalentMutant {
  file: string;
  /** The source line on which the mutant begins, without its indentation: numbers of lines move. */
  line: string;
  mutator: string;
  /** As the instrumenter writes it; absent: every replacement of this kind on this line. */
  replacement?: string;
  reason: string;
}

const keys = new Set(['file', 'line', 'mutator', 'replacement', 'reason']);

/**
 * Reads `fixtures/equivalent-mutants.yaml`; none where the file is not there.
 * @throws Error when an entry is not as it should be, or names a line that its file does not have
 */
export function readEquivalents(repository: string): EquivalentMutant[] {
  const file = path.join(repository, 'fixtures', 'equivalent-mutants.yaml');
  if (!existsSync(file)) return [];
  const entries = (parse(readFileSync(file, 'utf8')) ?? []) as Record<string, unknown>[];
  return entries.map((entry, index) => {
    const wrong = (what: string) => new Error(`fixtures/equivalent-mutants.yaml, entry ${index + 1}: ${what}`);
    for (const [key, value] of Object.entries(entry)) {
      if (!keys.has(key) || typeof value !== 'string') throw wrong(`${key} is ${JSON.stringify(value)}`);
    }
    const { file: source, line, mutator, reason } = entry as Partial<EquivalentMutant>;
    if (!source || !line || !mutator || !reason) throw wrong('wanted: file, line, mutator and reason');
    if (!sourceLines(repository, source).includes(line)) throw wrong(`${source} has no line ${JSON.stringify(line)}`);
    return entry as unknown as EquivalentMutant;
  });
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

/** Entries that a scenario refutes: the mutant was noticed. */
export function refuted(
  repository: string,
  listed: readonly EquivalentMutant[],
  noticed: readonly MutantResult[],
): { entry: EquivalentMutant; by: MutantResult }[] {
  return listed.flatMap((entry) => {
    // An entry for all replacements of a kind may hold for some of them.
    const by = entry.replacement === undefined ? undefined : noticed.find(equivalence(repository, [entry]));
    return by === undefined ? [] : [{ entry, by }];
  });
}

function sourceLines(repository: string, file: string): string[] {
  return readFileSync(path.join(repository, file), 'utf8')
    .split('\n')
    .map((line) => line.trim());
}
