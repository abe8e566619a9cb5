import type { Contract } from '../../harness/contract/types.ts';

/**
 * Takes what a new contract has and the generators do not know, so that one run tells all of it. Who tells a gap goes on
 * with a placeholder in its place.
 */
export interface Gaps {
  tell(gap: string): void;
}

/** Without a list to add to, the first gap is an error. */
export const refuseGaps: Gaps = {
  tell(gap) {
    throw new Error(gap);
  },
};

/** Every gap once, in the order in which they were met. */
export class GapList implements Gaps {
  readonly #told = new Set<string>();

  tell(gap: string): void {
    this.#told.add(gap);
  }

  get told(): string[] {
    return [...this.#told];
  }
}

const opening = '/* gap: ';

/** How a placeholder is marked in a source. */
export const gapComment = (gap: string): string => `${opening}${gap.replaceAll('*/', '* /')} */`;

/** The marks of placeholders in sources, each with its file and line. */
export function placeholdersIn(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).flatMap(([name, text]) =>
    text
      .split('\n')
      .flatMap((line, at) =>
        line.includes(opening) ? [`${name}:${at + 1}: ${line.slice(line.indexOf(opening))}`] : [],
      ),
  );
}

/** What is marked in a contract's schema. */
export function gapsIn({ schema }: Pick<Contract, 'schema'>): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      // A property may be called so: then it holds a schema, and no text.
      if (key === 'gap' && typeof inner === 'string') found.add(inner);
      else visit(inner);
    }
  };
  visit(schema.definitions);
  return [...found];
}
