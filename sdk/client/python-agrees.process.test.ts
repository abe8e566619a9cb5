import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { engineTarget } from '../../native/engine-layout.mjs';
import { type FindOps, machineOps } from '../../native/find-engine.mjs';
import { venvEnginePackage, venvPython } from '../../native/venv.mjs';
import { withPathDirs } from './launch.ts';
import { resolveCodexBin } from './resolve-codex-bin.ts';

// The official Python client and ours are asked the same: which engine, and which PATH it gets.

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agrees-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const target = engineTarget(process.platform, process.arch) ?? { package: 'none', triple: 'none' };
const program = process.platform === 'win32' ? 'codex.exe' : 'codex';

/** Asks Python's client; its engine is the package in the folder `site`. */
const python = `
import json, os, sys
from openai_codex import client
def answer(question):
    windows = question.get("windows", os.name == "nt")
    client.os = type("System", (), {"name": "nt" if windows else "posix", "pathsep": ";" if windows else ":"})
    env = question["env"]
    sys.modules.pop("codex_cli_bin", None)
    sys.path[0] = question.get("site", "")
    try:
        named = question.get("codexBin")
        found = None if "dirs" in question else str(client._resolve_codex_bin(client.CodexConfig(codex_bin=named)))
        dirs = () if named is not None else question["dirs"] if found is None else client._installed_codex_path_dirs()
        client._prepend_path_dirs(env, tuple(dirs))
        return {"found": found, "env": env}
    except FileNotFoundError as error:
        return {"refused": str(error)}
print(json.dumps([answer(question) for question in json.loads(sys.argv[1])]))
`;
interface Answer {
  found?: string | null;
  env?: Record<string, string>;
  refused?: string;
}

async function askPython(questions: readonly object[]): Promise<Answer[]> {
  const { stdout } = await execa(venvPython(repository), ['-c', python, JSON.stringify(questions)], {
    env: { PYTHONIOENCODING: 'utf-8' },
  });
  return JSON.parse(stdout);
}

/** The files of an engine in the layout that both packages have. */
const whole = ['codex-package.json', `bin/${program}`, 'codex-path/rg'];

function write(root: string, files: readonly string[]): void {
  mkdirSync(root, { recursive: true });
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '{ "version": "1.0.0" }');
    chmodSync(join(root, file), 0o755);
  }
}

/** How package managers lay out the engine's two packages. */
interface Layout {
  /** The package of the platform. */
  engine: string;
  /** The program that looks for it. */
  program: string;
  /** What links to what. */
  links?: Record<string, string>;
}

const pnpm = 'node_modules/.pnpm/@openai+codex@1.0.0';
const layouts: Record<string, Layout> = {
  npm: { engine: `node_modules/${target.package}`, program: 'app.mjs' },
  'npm, the program deep in another package': {
    engine: `node_modules/${target.package}`,
    program: 'node_modules/host/lib/app.mjs',
  },
  'npm, the engine below its package': {
    engine: `node_modules/@openai/codex/node_modules/${target.package}`,
    program: 'app.mjs',
  },
  'pnpm, where the engine is visible to @openai/codex alone': {
    engine: `${pnpm}-platform/node_modules/@openai/codex`,
    program: 'app.mjs',
    links: {
      'node_modules/@openai/codex': `${pnpm}/node_modules/@openai/codex`,
      [`${pnpm}/node_modules/${target.package}`]: `${pnpm}-platform/node_modules/@openai/codex`,
    },
  },
};

let projects = 0;

/** The same files as the package of either language. */
function place({ engine, program, links = {} }: Layout, files: readonly string[]) {
  projects += 1;
  const project = join(folder, `${projects} a project of Zoë’s, 文件 "quoted"`);
  const at = (path: string) => join(project, path);
  for (const one of [links['node_modules/@openai/codex'] ?? 'node_modules/@openai/codex', engine])
    write(at(one), ['package.json']);
  for (const [link, to] of Object.entries(links)) {
    mkdirSync(dirname(at(link)), { recursive: true });
    symlinkSync(at(to), at(link), 'junction');
  }
  mkdirSync(dirname(at(program)), { recursive: true });
  const ops: FindOps = { ...machineOps, packageDir: (name, from) => machineOps.packageDir(name, from ?? at(program)) };
  const [ours, theirs] = [join(at(engine), 'vendor', target.triple), at('site/codex_cli_bin')];
  for (const one of [ours, theirs]) write(one, files);
  cpSync(join(venvEnginePackage(repository) ?? '', '__init__.py'), join(theirs, '__init__.py'));
  return { ops, ours, theirs, site: at('site') };
}

/** Ours, in Python's shape. */
function askOurs(codexBin: string | undefined, env: Record<string, string>, ops: FindOps): Answer {
  try {
    const { bin, pathDirs } = resolveCodexBin(codexBin, 'CodexConfig.codex_bin', ops);
    return { found: bin, env: withPathDirs(env, pathDirs) as Record<string, string> };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

/** Without what differs by its nature: the folder of the package, and its name. */
const relativeTo = (answer: Answer, root: string, name: string): Answer =>
  JSON.parse(
    JSON.stringify(answer).replaceAll(JSON.stringify(root).slice(1, -1), '<package>').replaceAll(name, '<name>'),
  );

const kinds: Record<string, { files: readonly string[]; found: boolean }> = {
  'with its tools': { files: whole, found: true },
  'without tools': { files: whole.slice(0, 2), found: true },
  'without its program': { files: ['codex-package.json', 'codex-path/rg'], found: false },
  'without what it says of itself': { files: whole.slice(1), found: false },
};

test('an engine in the layout of every package manager, whole or not', async () => {
  const path = (root: string) => ({ PATH: ['/usr/bin', join(root, 'codex-path'), '', '/bin'].join(delimiter) });
  const cases = Object.entries(layouts).flatMap(([manager, layout]) =>
    Object.entries(kinds).map(([kind, { files, found }]) => ({
      name: `${manager}, ${kind}`,
      found,
      ...place(layout, files),
    })),
  );
  const answers = await askPython(cases.map(({ theirs, site }) => ({ env: path(theirs), site })));
  for (const [index, { name, found, ops, ours, theirs }] of cases.entries()) {
    const answer = answers[index] ?? {};
    expect(Object.keys(answer), name).toEqual(found ? ['found', 'env'] : ['refused']);
    expect(relativeTo(askOurs(undefined, path(ours), ops), ours, target.package), name).toEqual(
      relativeTo(answer, theirs, 'openai-codex-cli-bin'),
    );
  }
});

test('an engine that the program names, there and not there, beside one that is installed', async () => {
  const { ops, site, theirs } = place(layouts['npm'] as Layout, whole);
  const questions = ['bin', 'nowhere'].map((name) => ({
    codexBin: join(theirs, name, program),
    env: { PATH: '/usr/bin' },
    site,
  }));
  const answers = await askPython(questions);
  expect(questions.map(({ codexBin, env }) => askOurs(codexBin, env, ops))).toEqual(answers);
  expect(answers.map((answer) => Object.keys(answer))).toEqual([['found', 'env'], ['refused']]);
});

/** Environments as an engine may get them. On Windows, names differ in their case alone. */
const environments: { env: Record<string, string>; dirs: string[]; windows: boolean }[] = [
  ...[
    { PATH: '/usr/bin:/d:/bin' },
    { PATH: '::/bin:' },
    { PATH: '' },
    {},
    { PATH: '/d:/d' },
    { Path: '/x', PATH: '/y' },
  ].flatMap((env) =>
    [['/d'], ['/d', '/e'], []].map((dirs) => ({ env: env as Record<string, string>, dirs, windows: false })),
  ),
  ...[
    { PATH: 'x', Path: 'a;b', path: 'y' },
    { path: 'y', PATH: 'x' },
    {},
    { Path: 'C:\\w;;C:\\d' },
    { PATH: 'C:\\d;C:\\D' },
  ].flatMap((env) =>
    [['C:\\d'], ['C:\\d', 'C:\\e'], []].map((dirs) => ({ env: env as Record<string, string>, dirs, windows: true })),
  ),
];

test('the PATH of every environment', async () => {
  const answers = await askPython(environments);
  const ours = environments.map(({ env, dirs, windows }) => withPathDirs(env, dirs, windows ? 'win32' : 'linux'));
  expect(ours).toEqual(answers.map(({ env }) => env));
  expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBeGreaterThan(15);
});
