import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Where the engine unpacks the skills that it brings, below CODEX_HOME. */
const place = join('skills', '.system');

/** Unpacked skills that no cell has touched. */
export interface UnpackedSkills {
  folder: string;
  /** Of everything in it, as it was when it was kept. */
  stamps: string;
}

/**
 * Hands the engine's own skills from one cell to the next. The engine unpacks about eighty files and folders into each new CODEX_HOME, about a
 * tenth of a cell's CPU time, and leaves alone what is there already. Only what is untouched is handed on: two cells have unpacked the same contents,
 * and since then nothing was written.
 */
export class BundledSkills {
  readonly #folder: string;
  readonly #kept = new Map<string, UnpackedSkills[]>();
  readonly #contents = new Map<string, string>();
  #count = 0;

  /** @param folder for what is kept, absolute, on the file system of the cells; created when needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Puts the skills into a new CODEX_HOME.
   * @param engine names its build
   * @returns what `takeBack` needs; undefined where none are kept, and the engine unpacks its own
   */
  give(engine: string, codexHome: string): UnpackedSkills | undefined {
    const target = join(codexHome, place);
    // A scenario may bring its own.
    if (existsSync(target)) return undefined;
    const skills = this.#kept.get(engine)?.pop();
    if (skills === undefined) return undefined;
    mkdirSync(join(codexHome, 'skills'), { recursive: true });
    renameSync(skills.folder, target);
    return skills;
  }

  /** Keeps the skills of a cell that has ended, if they are as the engine has unpacked them. */
  takeBack(engine: string, codexHome: string, given: UnpackedSkills | undefined): void {
    const source = join(codexHome, place);
    // None: the engine never got that far, or was a program that has none.
    if (!existsSync(source)) return;
    const stamps = stampsOf(source);
    if (given === undefined ? !this.#isKnown(engine, contentsOf(source)) : stamps !== given.stamps) return;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#count += 1;
    const folder = join(this.#folder, String(this.#count));
    renameSync(source, folder);
    this.#kept.set(engine, [...(this.#kept.get(engine) ?? []), { folder, stamps }]);
  }

  /** Whether another cell has unpacked the same. The first says what it was: its own commands may have changed it. */
  #isKnown(engine: string, contents: string): boolean {
    const known = this.#contents.get(engine);
    if (known !== contents) this.#contents.set(engine, contents);
    return known === contents;
  }
}

const entriesOf = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

/** Changes with every write, change of mode and replaced file, and not when the folder is moved. */
function stampsOf(folder: string): string {
  const stamps = entriesOf(folder).map((name) => {
    const { ino, size, mode, mtimeNs, ctimeNs } = lstatSync(join(folder, name), { bigint: true });
    return [name, ino, size, mode, mtimeNs, ctimeNs].join('\0');
  });
  return stamps.join('\n');
}

function contentsOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of entriesOf(folder)) {
    const stat = lstatSync(join(folder, name));
    hash.update(`${name}\0${stat.mode}\0`);
    if (stat.isFile()) hash.update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}
