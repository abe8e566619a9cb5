import { existsSync } from 'node:fs';
import { defineCommand } from 'citty';
import { venvPython } from '../../native/index.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { surfaceReport } from '../proofs/surface/index.ts';
import { defaultFolders } from '../run/folders.ts';
import type { Terminal } from './context.ts';
import { jsonFile } from './json-file.ts';

/** `surface`: whether every public name of the Python SDK is in ours. */
export const surfaceCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'surface',
      description:
        'Compare the public names, parameters, defaults, enum values and exceptions of the Python SDK with ours',
    },
    args: {
      extra: { type: 'boolean', description: 'Also list what ours has beyond Python' },
      json: { type: 'string', description: 'Write the comparison to this file', valueHint: 'FILE' },
    },
    run: async ({ args }) => done(await surface(args, terminal)),
  });

export async function surface(
  args: { extra?: boolean | undefined; json?: string | undefined },
  terminal: Terminal,
): Promise<number> {
  const json = await jsonFile(args.json);
  const { repository } = defaultFolders();
  const python = venvPython(repository);
  if (!existsSync(python))
    throw new Error('Comparing the surfaces: the virtual environment is not there; npm run parity makes it');
  const report = await surfaceReport(repository, python, terminal.signal);
  await json?.write(report);
  for (const { name, problem } of report.differences)
    terminal.out(`${terminal.paint.red('unmapped')}  ${name}: ${problem}`);
  for (const name of report.stale)
    terminal.out(
      `${terminal.paint.red('stale')}  ${name}: this entry of fixtures/surface-exceptions.yaml explains nothing`,
    );
  if (args.extra === true) for (const name of report.extra) terminal.out(`extra  ${name}`);
  terminal.out(
    `${report.python} facts of the Python SDK: ${report.mapped} mapped, ${report.excepted} excepted with a reason; ` +
      `ours has ${report.extra.length} more`,
  );
  const failed = report.differences.length + report.stale.length;
  terminal.out(`${report.mapped + report.excepted} passed, ${failed} failed`);
  return exitCodes.surface({ failed });
}
