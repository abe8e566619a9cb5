import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { $ } from 'zx';
import type { Host } from './host.ts';

/** The tarballs that every project installs. */
export interface Tarballs {
  twinproof: string;
  /** By version: a file, or a version of the registry. */
  codex: ReadonlyMap<string, string>;
  /** The version of a host that names none. */
  pin: string;
  /** The pin as an archive of a release. */
  archive: { file: string; sha256: string };
}

/** How it went: `reason` says why it failed. */
export interface Outcome {
  reason: string | undefined;
  ms: number;
}

/** How long one command may take: all of them do it in a fifth of that. */
const commandMs = 180_000;

const installers = {
  npm: undefined,
  pnpm: { package: 'pnpm@12.4.2', command: 'node {tool}/pnpm/bin/pnpm.mjs install --reporter=silent' },
  yarn: {
    package: '@yarnpkg/cli-dist@4.18.1',
    command: 'node {tool}/@yarnpkg/cli-dist/bin/yarn.js install --no-immutable',
  },
};
const npmInstall = 'npm install --silent --no-audit --no-fund --prefer-offline';

/** Makes the host's project in `folder`, which is removed afterwards, and runs its commands. */
export async function runHost(host: Host, folder: string, tarballs: Tarballs): Promise<Outcome> {
  const started = performance.now();
  const reason = await failureOf(host, folder, tarballs);
  return { reason, ms: performance.now() - started };
}

async function failureOf(host: Host, folder: string, tarballs: Tarballs): Promise<string | undefined> {
  const project = join(folder, 'project');
  const home = join(folder, 'home');
  const tool = join(folder, 'tool', 'node_modules');
  try {
    await mkdir(home, { recursive: true });
    await writeProject(host, project, tarballs);
    const installer = installers[host.installer ?? 'npm'];
    const { file, sha256 } = tarballs.archive;
    const names: Record<string, string> = { '{tool}': tool, '{archive}': file, '{sha256}': sha256 };
    const words = (command: string) =>
      command.split(' ').map((word) => word.replace(/\{\w+\}/g, (name) => names[name] ?? name));
    if (installer) {
      await mkdir(dirname(tool));
      await writeFile(join(dirname(tool), 'package.json'), '{ "private": true }');
      await run(words(`${npmInstall} --save-exact ${installer.package}`), dirname(tool), process.env);
    }
    await run(words(installer?.command ?? npmInstall), project, {
      ...process.env,
      CI: 'true',
      YARN_ENABLE_TELEMETRY: '0',
    });
    // The engine reads no settings and no login of the person who runs this.
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, NEXT_TELEMETRY_DISABLED: '1', CI: 'true' };
    env['TWINPROOF_CACHE'] = join(home, 'cache');
    for (const name of ['CODEX_HOME', 'TWINPROOF_ENGINE']) delete env[name];
    for (const step of host.steps.slice(0, -1)) await run(words(step), project, env);
    for (const name of host.without ?? []) delete env[name];
    const last = words(host.steps.at(-1) ?? '');
    // This user may read the projects and nothing of them is written by the last step.
    const stranger = host.nameless ? ['setpriv', '--reuid', '23456', '--regid', '23456', '--clear-groups'] : [];
    const { stdout, stderr } = await run([...stranger, ...last], project, env);
    const lines = stdout.trimEnd().split('\n');
    if (lines.at(-1) === host.expect) return undefined;
    return `expected the last line "${host.expect}", got:\n${tail(`${stdout}\n${stderr}`)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeProject(host: Host, project: string, { twinproof, codex, pin }: Tarballs): Promise<void> {
  const manifest = {
    name: `host-${host.id}`,
    version: '0.0.0',
    private: true,
    ...host.manifest,
    dependencies: {
      twinproof: `file:${twinproof}`,
      ...(host.alone !== true && { '@openai/codex': codex.get(host.engine ?? pin) }),
      ...host.packages,
    },
  };
  const files = { 'package.json': JSON.stringify(manifest), ...host.files };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), text);
  }
}

async function run(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const [command = '', ...args] = words;
  const done = await $({ cwd, env, quiet: true, nothrow: true, timeout: commandMs })`${command} ${args}`;
  if (done.exitCode === 0) return done;
  const end = done.signal ?? `exit code ${done.exitCode}`;
  throw new Error(`${words.join(' ')}: expected exit code 0, got ${end}:\n${tail(`${done.stdout}\n${done.stderr}`)}`);
}

const tail = (text: string) => text.trim().split('\n').slice(-20).join('\n');
