import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expectedGot } from '../../native/expected-got.mjs';
import { checkEngine, EngineError, readEngineLock } from '../../native/index.ts';
import { locateEngine } from '../../native/resolve-engine.mjs';
import { venvStamp } from '../../native/venv.mjs';
import { startLoopbackServer } from '../../sdk/host/loopback-server.ts';
import { cellsEnvironment, cellsFolder, foreignHand, ownerOf } from '../cell/cells-folder.ts';
import { clientFacts, engineKinds } from '../clients/clients.ts';
import { namesLackingIn } from '../contract/window.ts';
import { greetGuest } from '../driver/guest.ts';
import { baseEnv } from '../engine/cell-env.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { loadScenarios } from '../scenario/index.ts';
import { engineReason } from '../scenario/select-clients.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { readLedger } from '../verdict/ledger.ts';
import type { Folders } from './folders.ts';

/** What the checks look at. */
export interface Machine {
  repository: string;
  home: string;
  env: NodeJS.ProcessEnv;
  /** Of the virtual environment. */
  python: string;
  /** As cells start it. */
  git: string;
  fakeBundle: string;
  /** Of the real engine. Default: the pin, and the official pair's where that is another. */
  engineVersions?: readonly string[];
}

/** Says what is there, in a few words. @throws Error that says what was expected and what there is */
export type Look = () => Promise<string>;

/** Less than this does not last for a run: cells, raw observations, reports. */
const leastFree = 200 * 1024 * 1024;

/** What a whole run needs of the machine. Each check does what it is about: starts the program, reads all of the file, writes into the folder. */
export function machineChecks(machine: Machine): Record<string, Look> {
  const { pin, officialPair } = readEngineLock();
  const {
    repository,
    home,
    env,
    python,
    git,
    fakeBundle,
    engineVersions: engines = [...new Set([pin, officialPair])],
  } = machine;
  const cells = cellsFolder({ ...cellsEnvironment(repository), env, home });
  return {
    node: async () => nodeVersion(process.versions.node),
    git: async () => firstLine(await started('starting git', 'a git that cells can start', [git, '--version'])),
    python: async () => {
      const said = firstLine(await started('starting Python', 'the virtual environment', [python, '--version']));
      if (existsSync(venvStamp(repository))) return said;
      const [expected, got] = ['the virtual environment with its packages', 'one that set-up has not finished'];
      throw new Error(expectedGot('looking at Python', expected, `${said}, ${got}`, '`npm run parity` finishes it'));
    },
    'Python packages': () => pythonPackages(python, path.join(repository, 'python-golden', 'requirements.in')),
    ...Object.fromEntries(engines.map((version) => [engineLabel(version), () => engineCheck(version, machine)])),
    'fake engine': async () => {
      const expected = `codex-cli ${readEngineLock().pin}`;
      const said = firstLine(
        await started('starting the fake engine', expected, [process.execPath, fakeBundle, '--version']),
      );
      if (said !== expected) throw new Error(expectedGot('starting the fake engine', expected, said));
      return said;
    },
    'official exec SDK': async () => {
      const file = path.join(repository, 'node_modules', '@openai', 'codex-sdk', 'package.json');
      if (!existsSync(file))
        throw new Error(expectedGot('looking for @openai/codex-sdk', 'it in node_modules', 'none', install));
      return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    },
    home: async () => `${await writable('HOME', home)} can be written`,
    cells: async () => {
      const folder = await writable('the folder of the cells', cells);
      const hand = foreignHand(folder, [ownerOf(repository)]);
      const advice = 'Name another place by TWINPROOF_CELLS';
      if (hand !== undefined)
        throw new Error(
          expectedGot('looking at the folder of the cells', 'a place that no other user can change', hand, advice),
        );
      return `${folder} can be written, by nobody else`;
    },
    results: async () => `${await writable('the folder of the results', path.join(repository, 'out'))} can be written`,
    loopback: async () => {
      const server = await startLoopbackServer((_, response) => response.end());
      await server.close();
      return 'a port of 127.0.0.1 can be opened';
    },
  };
}

/** What a run reads: every scenario of the pin has its golden, and the ledger can be read. */
export function dataChecks(folders: Folders): Record<string, Look> {
  return {
    scenarios: async () => {
      const scenarios = await loadScenarios(folders.scenarios);
      const goldens = await Promise.all(scenarios.map(({ id }) => readGolden(goldenPath(folders.goldens, id))));
      const { pin: version } = readEngineLock();
      const lacks = await namesLackingIn(version);
      // Goldens stand for the pin: what is for other engines is compared with the reference client there.
      const isElsewhere = (scenario: LoadedScenario): boolean =>
        engineKinds.every((engine) => engineReason(scenario, { engine, version, lacks }) !== undefined);
      const missing = scenarios
        .filter((scenario, index) => goldens[index] === undefined && !isElsewhere(scenario))
        .map(({ id }) => id);
      const elsewhere = scenarios.filter(isElsewhere).length;
      const others = elsewhere === 0 ? '' : `; ${elsewhere} more for other engines`;
      if (missing.length === 0) return `${scenarios.length - elsewhere}, each with its golden${others}`;
      const advice = `npm run record -- ${missing.join(',')}`;
      throw new Error(
        expectedGot('reading the goldens', 'one of each scenario', `none of ${missing.join(', ')}`, advice),
      );
    },
    ledger: async () => `${(await readLedger(folders.ledger)).length} entries`,
  };
}

const engineLabel = (version: string): string => (version === readEngineLock().pin ? 'engine' : `engine ${version}`);

/** The SDK's own check, which reads the file whole, whatever an earlier run has found; and a run is refused any other engine than the published one. */
async function engineCheck(version: string, { repository: root, env }: Machine): Promise<string> {
  const file = locatedEngine({ version, root, env });
  const { sha256, ...known } = await checkEngine(file, { env, fresh: true });
  if (known.by !== 'locked' || known.version !== version) {
    const got =
      known.by === 'locked' ? `that of ${known.version}` : `codex ${known.version}, brought or built by twinproof`;
    throw new Error(expectedGot(`verifying the engine ${file}`, `the published codex ${version}`, got));
  }
  const said = await started('starting the engine', `codex ${version}`, [file, '--version']);
  if (!said.includes(version)) throw new Error(expectedGot('starting the engine', `codex ${version}`, said));
  return `${version}, all of it read: sha256 ${sha256.slice(0, 16)}…`;
}

function locatedEngine(options: { version: string; root: string; env: NodeJS.ProcessEnv }): string {
  try {
    return locateEngine(options).path;
  } catch (error) {
    const isOther = options.version !== readEngineLock().pin;
    if (!(isOther && error instanceof EngineError && error.kind === 'missing')) throw error;
    throw new Error(`${error.message} npm run parity -- --engine-version ${options.version} brings it.`, {
      cause: error,
    });
  }
}

const install = 'npm run parity installs it';

function nodeVersion(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return version;
  throw new Error(expectedGot('looking at Node', '20.19 or newer', version));
}

/** What a program says, in the environment that cells give it. */
async function started(action: string, expected: string, [program = '', ...args]: readonly string[]): Promise<string> {
  const options = {
    env: baseEnv(),
    extendEnv: false,
    stdin: 'ignore',
    timeout: 60_000,
    reject: false,
    all: true,
  } as const;
  const done = await execa(program, args, options);
  if (!done.failed && done.all.trim() !== '') return done.all.trim();
  const got = done.failed ? (done.code ?? done.shortMessage) : 'an answer without a word';
  throw new Error(expectedGot(action, expected, `${got} (${program})`));
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** Each pinned client is there in its version, and can be imported. */
async function pythonPackages(python: string, requirements: string): Promise<string> {
  const pins = [...readFileSync(requirements, 'utf8').matchAll(/^([\w-]+)==(\S+)$/gm)].map(
    ([, name = '', version = '']) => [name, version],
  );
  const program = [
    'import importlib, importlib.metadata as m, json, sys',
    'for name, version in json.loads(sys.argv[1]):',
    '    module = name.replace("openai-codex-cli-bin", "codex_cli_bin").replace("-", "_")',
    '    importlib.import_module(module)',
    '    there = m.version(name)',
    '    if there != version: sys.exit(f"{name} {there} in place of {version}")',
    '    print(name, there)',
  ].join('\n');
  const action = 'importing the Python clients';
  const expected = pins.map(([name, version]) => `${name} ${version}`).join(', ');
  const said = await started(action, expected, [python, '-I', '-c', program, JSON.stringify(pins)]).catch((cause) => {
    throw new Error(`${(cause as Error).message} ${install}.`, { cause });
  });
  return said.split('\n').join(', ');
}

/** @returns the folder, which is made where it is not there */
async function writable(name: string, folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const own = await mkdtemp(path.join(folder, 'twinproof-doctor-'));
    try {
      await writeFile(path.join(own, 'file'), 'text');
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  } catch (cause) {
    const got = `${folder}: ${(cause as NodeJS.ErrnoException).code ?? cause}`;
    throw new Error(expectedGot(`writing into ${name}`, 'a folder that can be written', got), { cause });
  }
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= leastFree) return folder;
  const got = `${Math.floor((bavail * bsize) / 1024 / 1024)} MB in ${folder}`;
  throw new Error(expectedGot(`writing into ${name}`, `${leastFree / 1024 / 1024} MB of free space`, got));
}

/** Starts the driver of a guest and hears its hello. */
export async function guestCheck(driver: string): Promise<string> {
  const { id, clientVersion, capabilities } = await greetGuest(driver, baseEnv());
  const { family } = clientFacts(id);
  return `${id} ${clientVersion}, of the family ${family}, with ${capabilities.join(', ') || 'no capability'}`;
}
