import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type GeneratedFiles, publishFolder, staleFiles } from '../contract/publish-folder.ts';

/** What a generator has made, not written yet. */
export interface GeneratedOutput {
  /** The files, as a reader of the repository names them, that are not what they should be. */
  stale(): Promise<string[]>;
  write(): Promise<void>;
  /** Said once it is written. */
  summary: string;
}

export interface Generator {
  name: string;
  /** Its `--help`. */
  usage: string;
  /** Options beyond `--check` and `--help`. */
  options?: NonNullable<ParseArgsConfig['options']>;
  generate(values: Readonly<Record<string, unknown>>): Promise<GeneratedOutput>;
}

/** A folder of generated files and nothing else; `place` is its path in the repository. */
export const folderOutput = (
  place: string,
  folder: string,
  files: GeneratedFiles,
  summary = `${Object.keys(files).length} files`,
): GeneratedOutput => ({
  stale: async () => (await staleFiles(folder, files)).map((file) => `${place}/${file}`),
  write: () => publishFolder(folder, files),
  summary: `${place}: ${summary}`,
});

/** A generator as a program. Exit code 0: written, or up to date with `--check`. 1: stale, or something could not be read. */
export async function runGenerator(generator: Generator, argv: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args: argv,
      options: { ...generator.options, check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(generator.usage);
      return 0;
    }
    const output = await generator.generate(values);
    if (values.check) {
      const stale = await output.stale();
      for (const file of stale) process.stderr.write(`${file}: stale; run npm run generate\n`);
      return stale.length === 0 ? 0 : 1;
    }
    await output.write();
    process.stdout.write(`${output.summary}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${generator.name}: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}
