import { readFileSync } from 'node:fs';

const flag = '--api-key';

/** An argument list as it may be logged: without the key that an old client gives as an argument. */
export function withoutKey(argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    if (argv[at - 1] === flag) return '<key>';
    return word.startsWith(`${flag}=`) ? `${flag}=<key>` : word;
  });
}

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
