import os from 'node:os';
import { defineCommand } from 'citty';
import { venvPython } from '../../native/index.ts';
import { fakeBundle } from '../engine/fake-cell.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { defaultFolders } from '../run/folders.ts';
import { dataChecks, guestCheck, type Look, machineChecks } from '../run/machine-checks.ts';
import { driverArg, engineVersionArg, parseEngineVersions } from './arguments.ts';
import type { Terminal } from './context.ts';
import { failedList, failure } from './failed-list.ts';

/** `doctor`: whether this machine can do the main job, line by line. */
export const doctorCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'doctor',
      description: 'Try everything that a run needs, and report what is missing and what to do; runs no scenario',
    },
    args: {
      'engine-version': {
        ...engineVersionArg,
        description: 'Versions of the real engine (default: the pin and that of the official SDKs)',
      },
      driver: { ...driverArg, description: 'A driver to start as well, to hear its hello: its command line' },
    },
    run: async ({ args }) => done(await doctor(terminal, args['engine-version'], args.driver)),
  });

export async function doctor(terminal: Terminal, engineVersion?: string, driver?: string): Promise<number> {
  const folders = defaultFolders();
  const { repository } = folders;
  const machine = machineChecks({
    ...{ repository, fakeBundle, home: os.homedir(), env: process.env },
    ...{ python: venvPython(repository), git: 'git' },
    ...(engineVersion !== undefined && { engineVersions: parseEngineVersions(engineVersion) }),
  });
  const guest: Record<string, Look> = driver === undefined ? {} : { driver: () => guestCheck(driver) };
  return examine({ ...machine, ...dataChecks(folders), ...guest }, terminal);
}

/** Runs every check, whatever the others find. The last line is `N passed, N failed`. */
export async function examine(checks: Readonly<Record<string, Look>>, { out, paint }: Terminal): Promise<number> {
  const failures: string[] = [];
  for (const [name, look] of Object.entries(checks)) {
    try {
      out(`${paint.green('ok')}    ${name}: ${await look()}`);
    } catch (error) {
      const [first = '', ...more] = (error as Error).message.split('\n');
      out(`${paint.red('wrong')} ${name}: ${first}`, ...more.map((line) => `      ${line}`));
      failures.push(failure(name, first));
    }
  }
  const failed = failures.length;
  out(...failedList(failures), `${Object.keys(checks).length - failed} passed, ${failed} failed`);
  return exitCodes.doctor({ failed });
}
