import { execa } from 'execa';

/** What a folder is of. */
export interface Commit {
  /** null where there is no git, or none of this folder. */
  commit: string | null;
  /** Something in the folder is not as the commit has it, beside the history, which a run before may have been added to. */
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
    // What cannot be told is not as it should be.
    dirty: status.exitCode !== 0 || status.stdout.trim() !== '',
  };
}
