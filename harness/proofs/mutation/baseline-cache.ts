import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../../testing/files/write-whole.ts';
import { digestOf } from './digest-of.ts';
import type { MutatorSet } from './instrument.ts';

/** What a cell showed without a mutant. */
export interface KeptRun {
  outcome: string;
  durationMs: number;
  reached: Readonly<Record<string, number>>;
}

/** A line of the file; `digest` is of the scenario and its golden. */
interface Row extends KeptRun {
  scenario: string;
  client: string;
  digest: string;
}

/** A cell whose run is kept. */
export interface KeptCell {
  scenario: string;
  client: string;
  /** The texts that decide its run, beside what decides all. */
  texts: readonly string[];
}

/**
 * The runs without a mutant, kept in a file for what decides all of them, each for its own scenario and golden: after a
 * new scenario, only that one runs. What fails is not kept.
 */
export class BaselineCache {
  readonly #file: string;
  readonly #rows: Map<string, Row>;
  readonly #static: Set<string>;
  #changed = false;

  private constructor(file: string, rows: readonly Row[], atLoading: readonly string[]) {
    this.#file = file;
    this.#rows = new Map(rows.map((row) => [keyOf(row), row]));
    this.#static = new Set(atLoading);
  }

  /** @param texts what decides all runs, by name: those of other texts are removed */
  static async open(
    folder: string,
    mutators: MutatorSet,
    texts: Iterable<readonly [string, string]>,
  ): Promise<BaselineCache> {
    const start = `baseline-${mutators}-`;
    const name = `${start}${digestOf(texts)}.jsonl`;
    const older = (await readdir(folder).catch(() => [])).filter((one) => one.startsWith(start) && one !== name);
    for (const one of older) await rm(path.join(folder, one), { force: true });
    const file = path.join(folder, name);
    const { rows, atLoading } = parse(await readFile(file, 'utf8').catch(() => ''));
    return new BaselineCache(file, rows, atLoading);
  }

  /** Mutants that are reached while the SDK is loaded. */
  get static(): Iterable<string> {
    return this.#static;
  }

  find(cell: KeptCell): KeptRun | undefined {
    const row = this.#rows.get(keyOf(cell));
    if (row?.digest !== digestOfCell(cell)) return undefined;
    const { outcome, durationMs, reached } = row;
    return { outcome, durationMs, reached };
  }

  add(cell: KeptCell, { outcome, durationMs, reached }: KeptRun, atLoading: Iterable<string>): void {
    const { scenario, client } = cell;
    this.#changed = true;
    for (const id of atLoading) this.#static.add(id);
    this.#rows.set(keyOf(cell), { scenario, client, digest: digestOfCell(cell), outcome, durationMs, reached });
  }

  async write(): Promise<void> {
    if (!this.#changed) return;
    const lines = [{ static: [...this.#static] }, ...this.#rows.values()];
    await writeWhole(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    this.#changed = false;
  }
}

const keyOf = ({ scenario, client }: { scenario: string; client: string }) => `${client} ${scenario}`;
const digestOfCell = ({ texts }: KeptCell) => digestOf(texts.map((text) => ['', text]));

/** What the file says; nothing, if any of it is not as it was written. */
function parse(text: string): { rows: Row[]; atLoading: string[] } {
  const nothing = { rows: [], atLoading: [] };
  if (!text.endsWith('\n')) return nothing;
  try {
    const [first, ...rows] = text
      .slice(0, -1)
      .split('\n')
      .map((line) => JSON.parse(line) as Partial<Row> & { static?: unknown });
    return Array.isArray(first?.static) && rows.every(isRow) ? { rows, atLoading: first.static } : nothing;
  } catch {
    return nothing;
  }
}

const isRow = (row: Partial<Row> | null): row is Row =>
  [row?.scenario, row?.client, row?.digest, row?.outcome].every((one) => typeof one === 'string') &&
  typeof row?.durationMs === 'number' &&
  typeof row.reached === 'object' &&
  row.reached !== null;
