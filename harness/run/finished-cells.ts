import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { holds } from '../judging/holds.ts';
import { readObservation } from '../observation/observation-file.ts';
import type { Observation } from '../observation/types.ts';

/**
 * The cells that a run has finished, so that the next one goes on where this one was ended: a list beside their raw observations, a line for each. A line
 * counts only while everything that decides what its cell shows is as it was.
 */
export class FinishedCells {
  readonly #folder: string;
  readonly #digest: string;
  readonly #finished: Set<string>;
  /** How long the runs before this one took, in milliseconds. */
  readonly earlierMs: number;

  private constructor(folder: string, digest: string, finished: Set<string>, earlierMs: number) {
    this.earlierMs = earlierMs;
    this.#folder = folder;
    this.#digest = digest;
    this.#finished = finished;
  }

  /**
   * @param folder of the results, absolute
   * @param digest of all that decides what a cell shows
   * @param resume reads what is there; otherwise the list begins anew
   */
  static async open(folder: string, digest: string, resume: boolean): Promise<FinishedCells> {
    const file = listOf(folder);
    if (!resume) await rm(file, { force: true });
    const text = resume ? await readFile(file, 'utf8').catch(absent) : '';
    const own = text
      .split('\n')
      .flatMap((line) =>
        holds('finished-by-same', line.startsWith(`${digest} `)) ? [line.slice(digest.length + 1)] : [],
      );
    const times = own.flatMap((line) => (line.startsWith(tookMark) ? [Number(line.slice(tookMark.length))] : []));
    return new FinishedCells(
      folder,
      digest,
      new Set(own),
      times.reduce((sum, ms) => sum + ms, 0),
    );
  }

  /** What a finished cell showed; undefined where it is to be run. */
  async read(raw: string): Promise<Observation | undefined> {
    if (!holds('cell-finished', this.#finished.has(this.#name(raw)))) return undefined;
    try {
      return await readObservation(raw);
    } catch {
      // Removed or damaged since: run again.
      return undefined;
    }
  }

  async add(raw: string): Promise<void> {
    this.#finished.add(this.#name(raw));
    await mkdir(this.#folder, { recursive: true });
    await appendFile(listOf(this.#folder), `${this.#digest} ${this.#name(raw)}\n`);
  }

  /** Keeps how long this run took, for the one that continues it. */
  async took(ms: number): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await appendFile(listOf(this.#folder), `${this.#digest} ${tookMark}${Math.round(ms)}\n`);
  }

  #name(raw: string): string {
    return path.relative(this.#folder, raw).split(path.sep).join('/');
  }
}

/** No path of an observation begins like this. */
const tookMark = '>';

const listOf = (folder: string) => path.join(folder, 'finished.txt');

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
