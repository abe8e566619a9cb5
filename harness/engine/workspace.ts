import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expectedGot } from '../../native/expected-got.mjs';
import { engineConfig } from '../../testing/model/engine-config.ts';
import { pathInside } from '../data/path-inside.ts';
import type { CellPaths } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { baseEnv } from './cell-env.ts';

/**
 * Creates the run's workspace: its files, and with `git` a repository with them in one commit that is the same each
 * time.
 */
export async function makeWorkspace(
  folder: string,
  options: { files?: Record<string, string>; git?: boolean; home: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(options.files ?? {})) {
    const path = pathInside(folder, file);
    await mkdir(dirname(path), { recursive: true });
    // A program, such as a scenario's own engine.
    await writeFile(path, content, { mode: content.startsWith('#!') ? 0o777 : 0o666 });
  }
  if (options.git) await makeRepository(folder, options.files ?? {}, options.home);
}

/** The content of `.git` after the first commit of some files, by those files as JSON. */
const repositories = new Map<string, Promise<ReadonlyMap<string, Buffer>>>();

/**
 * Git makes each repository once. It is the same each time, and three processes for each cell took a tenth of a whole
 * run.
 */
async function makeRepository(folder: string, files: Record<string, string>, home: string): Promise<void> {
  const key = JSON.stringify(Object.entries(files).sort());
  const known = repositories.get(key);
  if (known === undefined) {
    const made = commitAll(folder, home).then(() => readTree(join(folder, '.git')));
    repositories.set(key, made);
    // Another cell tries again.
    made.catch(() => repositories.delete(key));
    await made;
    return;
  }
  await writeTree(join(folder, '.git'), await known);
  // The index identifies its files by inode and time, which are different here.
  if (Object.keys(files).length > 0) await gitIn(folder, home)('update-index', '-q', '--refresh');
}

/** Files by path; a folder without files ends with a slash and is empty. */
async function readTree(root: string): Promise<ReadonlyMap<string, Buffer>> {
  const tree = new Map<string, Buffer>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    if (entry.isDirectory()) tree.set(`${name}/`, Buffer.alloc(0));
    else tree.set(name, await readFile(path));
  }
  return tree;
}

async function writeTree(root: string, tree: ReadonlyMap<string, Buffer>): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const name of tree.keys()) if (name.endsWith('/')) await mkdir(join(root, name), { recursive: true });
  for (const [name, content] of tree) if (!name.endsWith('/')) await writeFile(join(root, name), content);
}

async function commitAll(folder: string, home: string): Promise<void> {
  const git = gitIn(folder, home);
  // Without the templates: sample hooks that nothing here uses.
  await git('init', '--quiet', '--initial-branch=main', '--template=');
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message', 'Workspace');
}

function gitIn(folder: string, home: string): (...args: string[]) => Promise<void> {
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
  return async (...args) => {
    try {
      await execa('git', args, { cwd: folder, env, extendEnv: false, stdin: 'ignore' });
    } catch (cause) {
      const said = (cause as { shortMessage?: string }).shortMessage ?? (cause as Error).message;
      throw new Error(`Making the workspace a Git repository: ${said}`, { cause });
    }
  };
}

const mcpServer = fileURLToPath(new URL('programs/mcp-server.mjs', import.meta.url));

/**
 * Writes the run's CODEX_HOME: the scenario's files, and config.toml with the scenario's lines after those of the
 * harness.
 * @throws Error if a file leads outside or is config.toml, or contains an unknown placeholder
 */
export async function writeHome(paths: CellPaths, { home, config }: Scenario, modelUrl: string): Promise<void> {
  for (const [file, content] of Object.entries(home ?? {})) {
    const path = pathInside(paths.codexHome, file);
    if (file === 'config.toml')
      throw new Error(
        expectedGot('writing CODEX_HOME', "the lines of config.toml in the scenario's config", 'a file in its home'),
      );
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, fillPlaces(content, paths, modelUrl));
  }
  await writeFile(
    join(paths.codexHome, 'config.toml'),
    engineConfig(modelUrl, config && fillPlaces(config, paths, modelUrl)),
  );
}

/** Fills in `${workspace}` and so on in a scenario's text: absolute paths for the engine, and the model's URL. */
function fillPlaces(text: string, paths: CellPaths, model: string): string {
  const places: Record<string, string> = {
    workspace: paths.workspace,
    codexHome: paths.codexHome,
    node: process.execPath,
    mcp: mcpServer,
    model,
  };
  return text.replace(/\$\{([A-Za-z]+)\}/g, (_, name: string) => {
    const place = places[name];
    if (place === undefined)
      throw new Error(expectedGot('writing CODEX_HOME', `one of ${Object.keys(places).join(', ')}`, `\${${name}}`));
    // TOML and JSON write a backslash twice, and Windows paths contain some.
    return place.replaceAll('\\', '\\\\');
  });
}
