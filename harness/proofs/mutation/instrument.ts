import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Mutant } from './types.ts';

/** Who makes the mutants: Stryker changes operators and literals, our own mutators make the mistakes that people make. */
export const mutatorSets = ['stryker', 'own'] as const;
export type MutatorSet = (typeof mutatorSets)[number];

/**
 * What is mutated. Stryker's mutants are made where goldens alone can judge them; ours everywhere in the SDK, because
 * tests judge them too. The harness and the test kit are judged by tests.
 */
export const mutatedParts = {
  sdk: (mutators: MutatorSet): readonly string[] =>
    mutators === 'own' ? ['sdk'] : ['sdk/client', 'sdk/rpc', 'sdk/exec', 'sdk/errors'],
  harness: (): readonly string[] => [
    ...['compare', 'golden', 'normalise', 'run', 'verdict'].map((name) => `harness/${name}`),
    'testing',
  ],
} as const;
export type MutatedPart = keyof typeof mutatedParts;

/** Generated, and only by Stryker: what installs an engine before there is any to record a golden with. */
const leftOut: Readonly<Record<MutatorSet, RegExp>> = {
  stryker: /^sdk\/exec\/install\//,
  own: /^sdk\/protocol\//,
};

export interface Instrumented {
  /** Source texts with every mutant in a switch, by absolute path. */
  sources: ReadonlyMap<string, string>;
  mutants: readonly Mutant[];
}

const silent = () => undefined;
const logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/**
 * Puts every mutant of the SDK into its sources, all at once and all switched off. The same sources give the same
 * mutants in the same order.
 */
export async function instrument(
  repository: string,
  folders: readonly string[],
  mutators: MutatorSet = 'stryker',
): Promise<Instrumented> {
  const files = (await Promise.all(folders.map((folder) => sourcesIn(repository, folder, leftOut[mutators]))))
    .flat()
    .sort();
  const texts = await Promise.all(
    files.map(async (name) => [name, await readFile(path.join(repository, name), 'utf8')] as const),
  );
  const { sources, mutants } = await instrumentTexts(new Map(texts), mutators);
  return { sources: new Map([...sources].map(([name, text]) => [path.join(repository, name), text])), mutants };
}

/** The same for these texts, by name. */
export async function instrumentTexts(
  texts: ReadonlyMap<string, string>,
  mutators: MutatorSet = 'stryker',
): Promise<Instrumented> {
  // Loads its own compiler, which no other command should have to wait for.
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  const own =
    mutators === 'own' ? await import('./mutators/transform.ts').then(({ ownTransform }) => ownTransform()) : undefined;
  const result = await new Instrumenter(logger, undefined, undefined, own?.transform).instrument(
    [...texts].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  return {
    sources: new Map(result.files.map(({ name, content }) => [name, content])),
    mutants: result.mutants.flatMap((mutant): Mutant[] => {
      const { id, fileName: file, mutatorName: mutator, status } = mutant;
      if (status === 'Ignored') return [];
      const { location, replacement = '' } = own?.placeOf(id) ?? mutant;
      const { line, column } = { line: location.start.line + 1, column: location.start.column + 1 };
      const original = between(texts.get(file) ?? '', location);
      return [{ id, file, line, column, mutator, original, replacement }];
    }),
  };
}

async function sourcesIn(repository: string, folder: string, without: RegExp): Promise<string[]> {
  const names = await readdir(path.join(repository, folder), { recursive: true });
  return names
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => /(?<!\.test)\.ts$/.test(name) && !name.includes('/test-fixtures/') && !without.test(name));
}

interface Place {
  line: number;
  column: number;
}

function between(text: string, { start, end }: { start: Place; end: Place }): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column);
  lines[0] = (lines[0] ?? '').slice(start.column);
  return lines.join('\n');
}
