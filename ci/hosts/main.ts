import { chmod, mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { $ } from 'zx';
import { failedList, failure } from '../../harness/commands/failed-list.ts';
import type { Output } from '../../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../../harness/commands/read-arguments.mjs';
import { exitCodes } from '../../harness/judging/exit-codes.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { EngineError, readEngineLock, resolveEngine } from '../../native/index.ts';
import { buildPackage } from '../../scripts/build/build-package.ts';
import { bundlers } from './bundlers.ts';
import { engines } from './engines.ts';
import type { Host } from './host.ts';
import { packageManagers } from './package-managers.ts';
import { type Outcome, runHost } from './run-host.ts';
import { runtimes } from './runtimes.ts';
import { writeEngineArchive, writeEnginePackages } from './stand-ins.ts';
import { testRunners } from './test-runners.ts';
import { typescript } from './typescript.ts';

/** As many projects at a time as there is something to gain by: an installation waits for the disk more than it computes. */
const atOnce = 2;

/**
 * `npm run hosts`: a small program of a user's in each kind of host. The last line is `N passed, N failed`.
 * @returns the exit code
 */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const chosen = choose(values['only'] as string | undefined);
  const lacking = await lackingForAll();
  if (lacking !== undefined) return conclude({ hosts: chosen.length, ran: 0, failures: [] }, lacking, output);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'hosts-')));
  try {
    // A user without a name has to reach what lies below.
    await chmod(folder, 0o755);
    const { tarballs, missing } = await packAll(folder, chosen, values['published'] === true);
    const waiting = [...chosen];
    const failures: string[] = [];
    let ran = 0;
    const work = async () => {
      for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
        const lacking = missing.get(host.engine ?? tarballs.pin) ?? cannotRun(host);
        if (lacking !== undefined) output.out(`- ${host.id}: ${host.title}: not run, ${lacking}`);
        else {
          const outcome = await runHost(host, join(folder, host.id), tarballs);
          tell(host, outcome, output);
          ran += 1;
          if (outcome.reason !== undefined) failures.push(failure(host.id, outcome.reason));
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return conclude({ hosts: chosen.length, ran, failures }, 'this machine lacks what each of them needs', output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What ran not at all has failed once: whoever reads the last line alone would take nothing for all. Exported for its test. */
export function conclude(
  { hosts, ran, failures }: { hosts: number; ran: number; failures: readonly string[] },
  lacking: string,
  { out }: Pick<Output, 'out'>,
): number {
  const counts = { passed: ran - failures.length, failed: failures.length };
  const code = exitCodes.hosts(counts);
  const none = code === 1 && ran === 0;
  if (none) counts.failed = 1;
  const got = `none, as ${lacking}`;
  const told = none ? [failure('hosts', expectedGot('running the hosts', `at least one of ${hosts}`, got))] : failures;
  out(...failedList(told), `${counts.passed} passed, ${counts.failed} failed`);
  return code;
}

function tell({ id, title }: Host, { reason, ms }: Outcome, { out }: Output): void {
  const line = `${id}: ${title} (${(ms / 1000).toFixed(1)} s)`;
  if (reason === undefined) out(`✔ ${line}`);
  else out(`✘ ${line}`, ...reason.split('\n').map((one) => `    ${one}`));
}

/** @throws UsageError for a host that is not in the table */
function choose(list: string | undefined): readonly Host[] {
  const only = list?.split(',');
  const stranger = only?.find((id) => !hosts.some((host) => host.id === id));
  if (stranger === undefined) return hosts.filter(({ id }) => only?.includes(id) ?? true);
  throw new UsageError(expectedGot('choosing the hosts', hosts.map(({ id }) => id).join(', '), stranger));
}

/** What a host needs that this machine does not have. */
function cannotRun(host: Host): string | undefined {
  if (!host.nameless) return undefined;
  return process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'as that needs root on Linux';
}

async function lackingForAll(): Promise<string | undefined> {
  if (process.platform === 'win32') return 'the stand-in for the engine is a shell script';
  const asked = $({ quiet: true, nothrow: true, timeout: '30s' })`npm view webpack version --fetch-retries=0`;
  return (await asked).exitCode === 0 ? undefined : 'no package registry answers';
}

/**
 * Packs ours, and a stand-in for the package of each engine that these hosts are to live beside.
 * @param published take the engine's package from the registry instead
 * @returns also why an engine cannot be had: a host brings none but the pin
 */
async function packAll(folder: string, chosen: readonly Host[], published: boolean) {
  const ours = await buildPackage(dirname(dirname(import.meta.dirname)), join(folder, 'package'));
  const pack = async (source: string, target: string) => {
    await mkdir(`${target}-packed`, { recursive: true });
    const { stdout } = await $({ quiet: true, cwd: source })`npm pack --silent --pack-destination ${target}-packed`;
    await rename(join(`${target}-packed`, basename(stdout.trim())), `${target}.tgz`);
    return `${target}.tgz`;
  };
  const { pin } = readEngineLock();
  const twinproof = await pack(ours.folder, join(folder, 'twinproof'));
  const codex = new Map<string, string>();
  const missing = new Map<string, string>();
  for (const version of new Set(chosen.map(({ engine = pin }) => engine))) {
    if (published) {
      codex.set(version, version);
      continue;
    }
    try {
      const place = join(folder, `codex-${version}`);
      const packages = await writeEnginePackages(place, await resolveEngine({ version }));
      for (const { folder: source } of packages) codex.set(version, `file:${await pack(source, source)}`);
    } catch (error) {
      if (version === pin || !(error instanceof EngineError && error.kind === 'missing')) throw error;
      missing.set(version, `as engine ${version} is not on this machine`);
    }
  }
  const [platform] = await writeEnginePackages(join(folder, 'archive'), await resolveEngine());
  const archive = await writeEngineArchive(platform?.folder ?? '', join(folder, 'archive.tar.gz'));
  return { tarballs: { twinproof, codex, pin, archive }, missing };
}

/** The table of hosts. */
const hosts: readonly Host[] = [
  ...packageManagers,
  ...engines,
  ...runtimes,
  ...bundlers,
  ...testRunners,
  ...typescript,
];
