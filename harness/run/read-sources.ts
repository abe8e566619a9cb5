import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { decidingSources, isSource } from '../verdict/deciding-sources.ts';

/** What the results of a run depend on. */
export interface Sources extends Commit {
  /** Digests by part. Results can form one whole only if all are equal. */
  inputs: Record<string, string>;
}

const known = new Map<string, Promise<Sources>>();

/** The sources of this process's runs, read once at the first run: the code that is running is what it was then. */
export function readSources(repository: string): Promise<Sources> {
  const sources = known.get(repository) ?? read(repository);
  known.set(repository, sources);
  return sources;
}

async function read(repository: string): Promise<Sources> {
  const commit = readCommit(repository);
  const digests = Object.entries(decidingSources).map(([part, places]) => [part, digest(repository, places)] as const);
  return { ...(await commit), inputs: Object.fromEntries(digests) };
}

/** At once: two thousand small files take a quarter of the time so. */
function digest(repository: string, places: readonly string[]): string {
  const hash = createHash('sha256');
  for (const place of places) {
    for (const name of filesOf(repository, place)) {
      // A checkout on Windows may have other line endings.
      const text = readFileSync(path.join(repository, name), 'utf8');
      hash.update(name).update('\0').update(text.replaceAll('\r\n', '\n')).update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function filesOf(repository: string, place: string): string[] {
  if (path.extname(place) !== '') return [place];
  return readdirSync(path.join(repository, place), { recursive: true, encoding: 'utf8' })
    .map((name) => `${place}/${name.split(path.sep).join('/')}`)
    .filter(isSource)
    .sort();
}

/** The commit that a folder was checked out from. */
interface Commit {
  /** null if there is no Git, or no repository. */
  commit: string | null;
  /**
   * Something in the folder differs from the commit, other than the history, which an earlier run may have been added
   * to.
   */
  dirty: boolean;
}

export async function readCommit(repository: string): Promise<Commit> {
  const git = (...args: string[]) => execa('git', args, { cwd: repository, reject: false });
  const [head, status] = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('status', '--porcelain', '--', '.', ':(exclude)fixtures/history'),
  ]);
  return {
    commit: head.exitCode === 0 ? head.stdout.trim() : null,
    // What is unknown counts as different.
    dirty: status.exitCode !== 0 || status.stdout.trim() !== '',
  };
}
