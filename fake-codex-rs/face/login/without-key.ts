const flag = '--api-key';

/** An argument list as it may be logged: without the key that an old client gives as an argument. */
export function withoutKey(argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    if (argv[at - 1] === flag) return '<key>';
    return word.startsWith(`${flag}=`) ? `${flag}=<key>` : word;
  });
}
