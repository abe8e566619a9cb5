import os from 'node:os';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { venvPython } from '../../native/index.ts';
import { fakeBundle } from '../engine/fake-cell.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { defaultFolders } from '../run/folders.ts';
import { readLedger } from '../verdict/ledger.ts';
import { engineVersionArg, parseEngineVersions } from './arguments.ts';
import { allScenarios, type Terminal } from './context.ts';
import { type Look, machineChecks } from './doctor-checks.ts';

/** `doctor`: whether this machine can do the main job, line by line. */
export const doctorCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'doctor',
      description: 'Try everything that a run needs, and report what is missing and what to do; runs no scenario',
    },
    args: { 'engine-version': { ...engineVersionArg, description: 'Versions of the real engine (default: the pin)' } },
    run: async ({ args }) => done(await doctor(terminal, args['engine-version'])),
  });

export async function doctor(terminal: Terminal, engineVersion?: string): Promise<number> {
  const { repository } = defaultFolders();
  const machine = machineChecks({
    ...{ repository, fakeBundle, home: os.homedir(), env: process.env },
    ...{ python: venvPython(repository), git: 'git', engineVersions: parseEngineVersions(engineVersion) },
  });
  return examine({ ...machine, ...dataChecks() }, terminal);
}

/** Runs every check, whatever the others find. The last line is `N passed, N failed`. */
export async function examine(checks: Readonly<Record<string, Look>>, { out, paint }: Terminal): Promise<number> {
  let failed = 0;
  for (const [name, look] of Object.entries(checks)) {
    try {
      out(`${paint.green('ok')}    ${name}: ${await look()}`);
    } catch (error) {
      failed += 1;
      const [first = '', ...more] = (error as Error).message.split('\n');
      out(`${paint.red('wrong')} ${name}: ${first}`, ...more.map((line) => `      ${line}`));
    }
  }
  out(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function dataChecks(): Record<string, Look> {
  const folders = defaultFolders();
  return {
    scenarios: async () => {
      const scenarios = await allScenarios(folders);
      const goldens = await Promise.all(scenarios.map(({ id }) => readGolden(goldenPath(folders.goldens, id))));
      const missing = scenarios.filter((_, index) => goldens[index] === undefined).map(({ id }) => id);
      if (missing.length === 0) return `${scenarios.length}, each with its golden`;
      const advice = `npm run record -- ${missing.join(',')}`;
      throw new Error(
        expectedGot('reading the goldens', 'one of each scenario', `none of ${missing.join(', ')}`, advice),
      );
    },
    ledger: async () => `${(await readLedger(folders.ledger)).length} entries`,
  };
}
