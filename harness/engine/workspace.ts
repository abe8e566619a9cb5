import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { execa } from 'execa';
import { baseEnv } from './cell-env.ts';

/**
 * An absolute path inside a folder.
 * @throws Error when the path leads out of it.
 */
export function pathInside(folder: string, file: string): string {
  const path = resolve(folder, file);
  const inside = relative(folder, path);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) || isAbsolute(file)) {
    throw new Error(`Using the path ${JSON.stringify(file)}: wanted a relative path inside the workspace`);
  }
  return path;
}

/** Makes the run's workspace: its files, and with `git` a repository with them in one commit that is the same each time. */
export async function makeWorkspace(
  folder: string,
  options: { files?: Record<string, string>; git?: boolean; home: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(options.files ?? {})) {
    const path = pathInside(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  if (options.git) await commitAll(folder, options.home);
}

async function commitAll(folder: string, home: string): Promise<void> {
  const date = '2026-01-01T00:00:00Z';
  const env = {
    ...baseEnv(),
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Scenario',
    GIT_AUTHOR_EMAIL: 'scenario@example.invalid',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'Scenario',
    GIT_COMMITTER_EMAIL: 'scenario@example.invalid',
    GIT_COMMITTER_DATE: date,
  };
  const git = async (...args: string[]) => {
    try {
      await execa('git', args, { cwd: folder, env, extendEnv: false, stdin: 'ignore' });
    } catch (cause) {
      throw new Error(`Making the workspace a git repository: git ${args[0]} failed`, { cause });
    }
  };
  await git('-c', 'init.defaultBranch=main', 'init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message', 'Workspace');
}
