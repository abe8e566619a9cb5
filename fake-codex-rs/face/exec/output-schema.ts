import { readFileSync } from 'node:fs';

/** The text of the file of `--output-schema`, which the client removes afterwards; undefined where there is none. */
export function outputSchemaOf(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--output-schema');
  const file = at < 0 ? undefined : argv[at + 1];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
