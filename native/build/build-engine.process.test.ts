import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkEngine } from '../check-engine.mjs';
import { findEngine, machineOps } from '../find-engine.mjs';
import { platformKey } from '../platform.mjs';
import { lockOf } from '../test-fixtures/registry.ts';
import { writeFiles } from '../test-fixtures/write-files.ts';
import { type BuildOptions, type Built, buildEngine } from './build-engine.mjs';

// A workspace of our own, laid out as the engine's and served from a bare repository: the public one cannot be cloned in CI.

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'twinproof build-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rustup = spawnSync('rustup', ['toolchain', 'list'], { encoding: 'utf8' });
const channel = /^(\d+\.\d+\.\d+|stable)-/m.exec(rustup.stdout ?? '')?.[1];
/** Windows has other file names, and its shell cannot be a stand-in. */
const canBuild = channel !== undefined && process.platform !== 'win32';

const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'protocol.file.allow=always'];
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' }).trim();

const main = (says: string) => `fn main() {
    // one
    // two
    // three
    // four
    println!("codex-cli ${says}");
    // five
    // six
    // seven
    // eight
    println!("bye");
}
`;
const url = pathToFileURL(join(folder, 'upstream.git')).href;
/** The commits of the source, the oldest first. */
const commits: string[] = [];

beforeAll(() => {
  const work = join(folder, 'upstream');
  writeFiles(work, {
    'README.md': 'upstream',
    'docs/page.md': 'a page',
    'codex-rs/rust-toolchain.toml': `[toolchain]\nchannel = "${channel}"\ncomponents = ["clippy"]\n`,
    'codex-rs/Cargo.toml': '[workspace]\nmembers = ["cli"]\nresolver = "2"\n',
    'codex-rs/Cargo.lock': 'version = 3\n\n[[package]]\nname = "codex-cli"\nversion = "0.0.0"\n',
    'codex-rs/cli/Cargo.toml':
      '[package]\nname = "codex-cli"\nversion = "0.0.0"\nedition = "2021"\n\n[[bin]]\nname = "codex"\npath = "src/main.rs"\n',
    'codex-rs/cli/src/main.rs': main('1.0.0'),
  });
  git(work, 'init', '--quiet', '--initial-branch=main');
  const commit = (text: string) => {
    git(work, 'add', '--all');
    git(work, 'commit', '--quiet', '--message', text);
    commits.push(git(work, 'rev-parse', 'HEAD'));
  };
  commit('one');
  writeFiles(work, { 'codex-rs/cli/src/main.rs': main('2.0.0') });
  commit('two');
  writeFiles(work, { 'codex-rs/cli/src/main.rs': 'fn main() { broken }\n' });
  commit('three');
  git(folder, 'clone', '--quiet', '--bare', work, 'upstream.git');
  for (const name of ['allowFilter', 'allowReachableSHA1InWant'])
    git(join(folder, 'upstream.git'), 'config', `uploadpack.${name}`, 'true');
});

let houses = 0;

/** A checkout of our repository, with these patches, and a user with a cache of its own. */
function house(patches: Readonly<Record<string, string>> = {}) {
  houses += 1;
  const root = join(folder, `house ${houses}`);
  writeFiles(root, {
    '.gitmodules': `[submodule "native/codex"]\n\tpath = native/codex\n\turl = ${url}\n\tbranch = main\n`,
    '.gitignore': '.cache/\n',
    'native/patches/codex-rs/README.md': 'patches',
    ...Object.fromEntries(Object.entries(patches).map(([name, text]) => [`native/patches/codex-rs/${name}`, text])),
  });
  git(root, 'init', '--quiet');
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'start');
  const lock = lockOf(['1.0.0', '2.0.0']);
  const contract = '0'.repeat(64);
  lock.identities = {
    '1.0.0': { commit: commits[0] ?? '', contract },
    '2.0.0': { commit: null, contract },
  };
  const env: NodeJS.ProcessEnv = { ...process.env, TWINPROOF_CACHE: join(root, '.cache/user') };
  const lines: string[] = [];
  const options: BuildOptions = { root, env, lock, log: (line) => lines.push(line) };
  const build = (more: Partial<BuildOptions> = {}) => buildEngine({ ...options, ...more }) as Promise<Built>;
  return { root, env, lines, build, source: join(root, 'native/codex') };
}

const says = (file: string) => execFileSync(file, { encoding: 'utf8' }).trim();
const isClean = (root: string) => {
  expect(existsSync(join(root, '.cache/build/source'))).toBe(false);
  expect(git(join(root, 'native/codex'), 'status', '--porcelain')).toBe('');
  expect(git(join(root, 'native/codex'), 'worktree', 'list').split('\n')).toHaveLength(1);
};

describe.skipIf(!canBuild)('with git and cargo', () => {
  test('the commit of the lock is built once, from a sparse submodule, and found behind a published engine', async () => {
    const { root, env, build, lines, source } = house();
    const made = await build();
    expect(says(made.path)).toBe('codex-cli 1.0.0\nbye');
    expect(made).toMatchObject({ version: '1.0.0', commit: commits[0], built: true });
    expect(readdirSync(source).sort()).toEqual(['.git', 'codex-rs']);
    isClean(root);
    expect(await build()).toEqual({ ...made, built: false });
    expect(lines.filter((line) => line.startsWith('Cloning') || line.startsWith('Building'))).toHaveLength(2);
    const found = findEngine({ env, ops: { ...machineOps, packageDir: () => undefined } });
    expect(found).toMatchObject({ path: made.path, source: 'cache', version: '1.0.0' });
    expect(await checkEngine(made.path, { env })).toEqual({ sha256: made.sha256, version: '1.0.0', by: 'recorded' });
    const published = join(root, `.cache/user/engines/1.0.0/${platformKey()}/bin/codex`);
    writeFiles(dirname(published), { codex: 'published' });
    expect(findEngine({ env, ops: { ...machineOps, packageDir: () => undefined } }).path).toBe(published);
  });

  const first = patchOf('two', 'TWO');
  const second = patchOf('TWO', 'THREE');

  test('patches are applied in order, and each makes another engine', async () => {
    const plain = await house().build();
    const patch = (from: string, to: string) =>
      patchOf(`codex-cli ${from}`, `codex-cli ${to}`, (text) => `    println!("${text}");`);
    const { root, build } = house({
      '1.patch': patch('1.0.0', 'patched'),
      '2.patch': patch('patched', 'patched twice'),
    });
    const made = await build();
    expect(says(made.path)).toBe('codex-cli patched twice\nbye');
    expect(made.key).not.toBe(plain.key);
    isClean(root);
  });

  test('a patch that does not apply is named with its file and hunk, and nothing is left changed', async () => {
    const { root, build, source } = house({ '1.patch': first, '2.patch': second, '3.patch': twoHunks });
    await expect(build()).rejects.toThrow(
      'Applying 3.patch: expected every hunk to fit, got hunk 2 of codex-rs/cli/src/main.rs (@@ -9,3 +9,3 @@), which does not.',
    );
    isClean(root);
    expect(readFileSync(join(source, 'codex-rs/cli/src/main.rs'), 'utf8')).toBe(main('1.0.0'));
  });

  test('no commit is guessed: it is asked for, and one that is none is told', async () => {
    const { build } = house();
    await expect(build({ version: '2.0.0' })).rejects.toThrow(
      'Choosing the commit of codex 2.0.0: expected one in the lock, got none. Give it by --commit',
    );
    await expect(build({ commit: 'main' })).rejects.toThrow('expected a commit of 40 hexadecimal digits, got main');
    const absent = '1'.repeat(40);
    await expect(build({ commit: absent })).rejects.toThrow(
      `Fetching the commit ${absent}: expected a commit of the source, got none of that name.`,
    );
    const made = await build({ version: '2.0.0', commit: commits[1] as string });
    expect([says(made.path), made.version]).toEqual(['codex-cli 2.0.0\nbye', '2.0.0']);
  });

  test('the source is read-only: a change in it is refused, not built', async () => {
    const { build, source } = house();
    await build();
    appendFileSync(join(source, 'codex-rs/cli/src/main.rs'), '// mine\n');
    await expect(build()).rejects.toThrow(
      'Reading native/codex: expected its files as committed, got changes in codex-rs/cli/src/main.rs. Make a patch of them',
    );
    expect(readFileSync(join(source, 'codex-rs/cli/src/main.rs'), 'utf8')).toContain('// mine');
  });

  test('`git submodule update --remote` moves the submodule, and the commit of the lock is built all the same', async () => {
    const { root, build, source } = house();
    await build();
    git(root, 'add', 'native/codex');
    git(root, 'commit', '--quiet', '--message', 'the submodule');
    expect(git(root, 'submodule', 'status')).toContain(commits[0]);
    git(root, 'submodule', 'update', '--remote', 'native/codex');
    expect(git(source, 'rev-parse', 'HEAD')).toBe(commits.at(-1));
    expect(readdirSync(source).sort()).toEqual(['.git', 'codex-rs']);
    const made = await build();
    expect([made.commit, says(made.path)]).toEqual([commits[0], 'codex-cli 1.0.0\nbye']);
  });

  test('a fresh clone with the submodule recorded is set up by git itself as well', async () => {
    const { root, build } = house();
    await build();
    git(root, 'add', 'native/codex');
    git(root, 'commit', '--quiet', '--message', 'the submodule');
    git(folder, 'clone', '--quiet', root, `clone ${houses}`);
    const clone = join(folder, `clone ${houses}`);
    git(clone, 'submodule', 'update', '--init');
    const made = await build({ root: clone });
    expect(says(made.path)).toBe('codex-cli 1.0.0\nbye');
  });

  test('what does not compile is told with the compiler’s words, and the engine that was there stays', async () => {
    const { root, build } = house();
    const made = await build();
    await expect(build({ commit: commits[2] as string })).rejects.toThrow(
      /cargo to succeed, got exit code 101[\s\S]*cannot find value `broken`/,
    );
    isClean(root);
    expect(says(made.path)).toBe('codex-cli 1.0.0\nbye');
  });

  test('an interrupted clone and an interrupted build leave nothing in the way', async () => {
    const { root, build } = house();
    writeFiles(join(root, '.git/modules/native/codex'), { HEAD: 'half' });
    const abort = new AbortController();
    const folder = join(root, '.cache/build');
    mkdirSync(folder, { recursive: true });
    const watcher = watch(folder, () => {
      if (existsSync(join(folder, 'build.log'))) abort.abort(new Error('enough'));
    });
    await expect(build({ signal: abort.signal })).rejects.toThrow('enough');
    watcher.close();
    isClean(root);
    expect(says((await build()).path)).toBe('codex-cli 1.0.0\nbye');
  });

  test('without rustup, its toolchain or cargo, what to do is told before anything is built', async () => {
    const { root, env, build } = house();
    await build();
    const bin = join(root, '.cache/bin');
    const tools = (programs: Record<string, string>) => {
      rmSync(bin, { recursive: true, force: true });
      mkdirSync(bin, { recursive: true });
      const gitProgram = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
      for (const [name, text] of Object.entries({ git: `exec '${gitProgram}' "$@"`, ...programs })) {
        writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
        chmodSync(join(bin, name), 0o755);
      }
      return { ...env, PATH: bin };
    };
    const advice = 'Run `npm run bootstrap-rust`, or use --docker.';
    await expect(build({ env: tools({}) })).rejects.toThrow(
      `Looking for rustup: expected rustup, which builds the engine, got no rustup on PATH. ${advice}`,
    );
    await expect(build({ env: tools({ rustup: 'echo "1.2.3-x86_64 (default)"' }) })).rejects.toThrow(
      `Looking for toolchains: expected Rust ${channel}, got 1.2.3-x86_64. ${advice}`,
    );
    await expect(build({ env: tools({ rustup: `echo "${channel}-x86_64"` }) })).rejects.toThrow(
      `Looking for cargo: expected cargo, which builds the engine, got no cargo on PATH. ${advice}`,
    );
    isClean(root);
  });

  test('with docker: the call is printed, or made; without it that is told', async () => {
    const { root, env, build } = house();
    const target = 'aarch64-unknown-linux-musl';
    const printed = (await buildEngine({
      ...{ root, env, target, print: true, commit: commits[0] as string },
      lock: lockOf(['1.0.0']),
    })) as { print: string };
    expect(printed.print).toMatch(
      /^docker run --rm --init --platform linux\/arm64 --user \d+:\d+ --mount '?type=bind,source=/,
    );
    expect(printed.print).toContain(
      `rust:${channel}-alpine cargo build --release --locked --bin codex --target ${target}`,
    );
    // Records its words, and makes what the container would have made.
    const bin = join(root, '.cache/bin');
    writeFiles(bin, {
      docker: `#!/bin/sh
for word; do printf '%s\\n' "$word"; done > '${root}/.cache/docker.txt'
out='${root}/.cache/build/target/docker/${target}/release'
mkdir -p "$out" && echo made > "$out/codex"
`,
    });
    const made = await build({ target, env: { ...env, PATH: `${bin}${delimiter}${env['PATH']}` } });
    expect(readFileSync(made.path, 'utf8')).toBe('made\n');
    const words = readFileSync(join(root, '.cache/docker.txt'), 'utf8').trimEnd().split('\n');
    expect(words.map((word) => (/[^\w@%+=:,./-]/.test(word) ? `'${word}'` : word)).join(' ')).toBe(
      printed.print.replace('docker ', ''),
    );
    expect(existsSync(join(root, '.cache/user'))).toBe(false);
    const none = { ...env, PATH: dirname(execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()) };
    if (spawnSync('docker', [], { env: none }).error !== undefined)
      await expect(build({ target, docker: true, env: none, commit: commits[1] as string })).rejects.toThrow(
        'got no docker on PATH',
      );
    await expect(build({ target: 'x86_64-pc-windows-msvc' })).rejects.toThrow('got x86_64-pc-windows-msvc');
    isClean(root);
  });
});

const header =
  'diff --git a/codex-rs/cli/src/main.rs b/codex-rs/cli/src/main.rs\n--- a/codex-rs/cli/src/main.rs\n+++ b/codex-rs/cli/src/main.rs\n';

/** A patch of one line of the program. */
function patchOf(from: string, to: string, line = (text: string) => `    // ${text}`): string {
  const lines = main('1.0.0').split('\n');
  const at = lines.findIndex(
    (one) => one === line(from) || one === line(from.replace('patched', '1.0.0')) || one === line(from.toLowerCase()),
  );
  return `${header}@@ -${at},3 +${at},3 @@\n ${lines[at - 1]}\n-${line(from)}\n+${line(to)}\n ${lines[at + 1]}\n`;
}

/** Its second hunk is of another file. */
const twoHunks = `${header}@@ -4,3 +4,3 @@
     // three
-    // four
+    // FOUR
     println!("codex-cli 1.0.0");
@@ -9,3 +9,3 @@
     // seven
-    // eighteen
+    // EIGHT
     println!("bye");
`;
