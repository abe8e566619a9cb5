import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Mutant } from './types.ts';

/**
 * The parts of the SDK that are mutated: those that goldens can judge. Transports are not, because the fake engine is
 * in the same process.
 */
export const mutatedFolders: readonly string[] = ['sdk/client', 'sdk/rpc', 'sdk/exec', 'sdk/errors'];

/** Installs an engine from a registry, before there is any engine to record a golden with; its own tests judge it. */
const leftOut = /^sdk\/exec\/install\//;

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
  folders: readonly string[] = mutatedFolders,
): Promise<Instrumented> {
  const files = (await Promise.all(folders.map((folder) => sourcesIn(repository, folder)))).flat().sort();
  const texts = new Map(
    await Promise.all(files.map(async (name) => [name, await readFile(path.join(repository, name), 'utf8')] as const)),
  );
  // Loads its own compiler, which no other command should have to wait for.
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  const result = await new Instrumenter(logger).instrument(
    files.map((name) => ({ name, content: texts.get(name) ?? '', mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  return {
    sources: new Map(result.files.map(({ name, content }) => [path.join(repository, name), content])),
    mutants: result.mutants.flatMap((mutant): Mutant[] => {
      const { id, fileName: file, location, mutatorName: mutator, replacement, status } = mutant;
      if (status === 'Ignored') return [];
      const { line, column } = { line: location.start.line + 1, column: location.start.column + 1 };
      const original = between(texts.get(file) ?? '', location);
      return [{ id, file, line, column, mutator, original, replacement: replacement ?? '' }];
    }),
  };
}

async function sourcesIn(repository: string, folder: string): Promise<string[]> {
  const names = await readdir(path.join(repository, folder), { recursive: true });
  return names
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => /(?<!\.test)\.ts$/.test(name) && !name.includes('/test-fixtures/') && !leftOut.test(name));
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
