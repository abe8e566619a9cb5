/** The folders of `harness` whose code decides a cell's verdict; what only counts or renders is in none of them. */
export const decidingFolders = [
  'cell',
  'clients',
  'compare',
  'contract',
  'data',
  'driver',
  'engine',
  'golden',
  'judging',
  'normalise',
  'observation',
  'run',
  'scenario',
  'verdict',
] as const;

/** What decides a cell's result, by part: files and folders, with `/`. `watch` and the digests of a run's inputs both follow this one list. */
export const decidingSources = {
  scenarios: ['fixtures/scenarios'],
  goldens: ['fixtures/golden'],
  ledger: ['fixtures/known-differences.yaml'],
  contract: ['fixtures/contract'],
  code: [
    'fixtures/python-models',
    'native',
    'sdk',
    'testing',
    'fake-codex-rs',
    'python-golden',
    'scripts/build-fake.mjs',
    'package-lock.json',
    ...decidingFolders.map((folder) => `harness/${folder}`),
  ],
} as const satisfies Record<string, readonly string[]>;

/** Whether a file of the repository, with `/`, is of the kinds that are read: no test, and nothing that an editor leaves behind. */
export const isSource = (file: string): boolean =>
  /\.(?:ts|mjs|js|py|lock|json|jsonl|ya?ml)$/.test(file) &&
  !/\.(?:test|spec)\.ts$|\/(?:tests?|test-fixtures)\/|(?:^|\/)\./.test(file);

/** The part whose digest changes with the file; undefined where none does. */
export function partOf(file: string): keyof typeof decidingSources | undefined {
  if (!isSource(file)) return undefined;
  for (const [part, places] of Object.entries(decidingSources) as [keyof typeof decidingSources, readonly string[]][])
    if (places.some((place) => file === place || file.startsWith(`${place}/`))) return part;
  return undefined;
}
