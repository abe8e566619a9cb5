import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { enginePath } from '../test-fixtures/listener.ts';
import { buildFake } from '../test-fixtures/run-fake.ts';

const bundle = fileURLToPath(new URL('../../dist/fake-codex-rs.mjs', import.meta.url));
/** Keeps a real engine that goes on where it should refuse on this machine, and short. */
const offline = `check_for_update_on_startup = false
model_provider = "nobody"
analytics.enabled = false
feedback.enabled = false
features = { plugins = false, apps = false, remote_plugin = false }
otel = { exporter = "none", trace_exporter = "none", metrics_exporter = "none" }
[model_providers.nobody]
name = "nobody"
base_url = "http://127.0.0.1:9/v1"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
supports_websockets = false
`;
const running: ChildProcess[] = [];
let root: string;
let engine: string;
beforeAll(() => {
  buildFake();
  engine = enginePath();
  root = mkdtempSync(join(tmpdir(), 'fake-side-'));
  for (const home of ['engine', 'fake']) mkdirSync(join(root, home));
  writeFileSync(join(root, 'engine', 'config.toml'), offline);
  mkdirSync(join(root, 'workspace'));
  writeFileSync(join(root, 'workspace', 'bad.json'), '{bad');
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface End {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function run(who: 'engine' | 'fake', argv: string[], stdin: string | Buffer): Promise<End> {
  const home = join(root, who);
  const [command, before] = who === 'engine' ? [engine, []] : [process.execPath, [bundle]];
  const env = { PATH: process.env.PATH, HOME: home, CODEX_HOME: home };
  const child = spawn(command, [...before, ...argv], { cwd: join(root, 'workspace'), env, stdio: 'pipe' });
  running.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Without its stack and its log lines, which begin with a colour or a date. */
const words = (stderr: string) =>
  stderr
    .split('\n')
    .filter((line) => !line.startsWith('\u001b') && !/^(\d{4}-|Stack backtrace| +\d+: |WARNING: )/.test(line))
    .join('\n')
    .trimEnd();

const free = '--skip-git-repo-check';
const unknown = '01900000-0000-7000-8000-000000000001';

test.each<[argv: string[], stdin?: string | Buffer]>([
  [['exec', '--json', '--bogus', 'x']],
  [['exec', '--json', 'a', 'b']],
  [['exec', '--json', '--json', 'a']],
  [['exec', '--experimental-json', '--json', 'a']],
  [['exec', '--json=1', 'a']],
  [['exec', '--json', '-m', 'a', '-m', 'b', 'x']],
  [['exec', '--json', '--sandbox', 'weird', 'x']],
  [['exec', '--json', '--sandbox']],
  [['exec', '--json', '--color', 'weird', 'x']],
  [['exec', '--json', '-zz', 'x']],
  [['exec', 'resume', '--json', unknown, 'x', 'y']],
  [['exec', '--json', 'x']],
  [['exec', '--json', free]],
  [['exec', '--json', free, '-'], ' \n'],
  [['exec', '--json', free], Buffer.from([97, 255, 98])],
  [['exec', '--json', free, '--image', 'none.png', 'x']],
  [['exec', '--json', free, '--cd', 'nowhere', 'x']],
  [['exec', '--json', free, '-c', 'novalue', 'x']],
  [['exec', '--json', '--output-schema', 'none.json', 'x']],
  [['exec', '--json', free, 'resume', unknown, 'x']],
  [['exec', '--version']],
  [['login', 'status']],
  [['login', 'bogus']],
  [['login', '--bogus']],
  [['login', 'status', '--bogus']],
  [['login', '--with-api-key'], ''],
  [['login', '--with-api-key', '--with-access-token']],
  [['login', '--api-key', 'x']],
  [['login', '--with-api-key'], 'sk-test-abcdefgh12345678\n'],
  [['login', 'status']],
  [['logout']],
  [['logout']],
  [['logout', 'x']],
  [['login', '--with-api-key'], 'short\n'],
  [['login', 'status']],
])('%j says and leaves as the engine does', async (argv, stdin = '') => {
  const [real, fake] = [await run('engine', argv, stdin), await run('fake', argv, stdin)];
  const version = (text: string) => text.replace(/\d+\.\d+\.\d+/, 'VERSION');
  expect([fake.code, words(fake.stderr), version(fake.stdout)]).toEqual([
    real.code,
    words(real.stderr),
    version(real.stdout),
  ]);
});

test.each([[[]], [['--experimental']]])('the schema has the files and fields of the engine, %j', async (flags) => {
  const read = async (who: 'engine' | 'fake') => {
    const out = join(root, `${who}-out${flags.length}`);
    const argv = ['app-server', 'generate-json-schema', '--out', out, ...flags];
    expect(await run(who, argv, '')).toMatchObject({ code: 0, stdout: '' });
    const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
    const fields = names.map((name) => {
      const { properties = {} } = JSON.parse(readFileSync(join(out, name), 'utf8')) as { properties?: object };
      return [name, Object.keys(properties).sort()];
    });
    return Object.fromEntries(fields);
  };
  const [real, fake] = [await read('engine'), await read('fake')];
  // When it was said stands in the union, which has no part of its own in the contract.
  real['ServerNotification.json'] = [];
  expect(fake).toEqual(real);
});
