import { execa } from 'execa';

/** The commit that a folder was checked out from. */
export interface Commit {
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
