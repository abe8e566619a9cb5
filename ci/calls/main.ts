import { dirname } from 'node:path';
import type { Output } from '../../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../../harness/commands/read-arguments.mjs';
import { exitCodes } from '../../harness/judging/exit-codes.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { fetchEngine, readEngineLock } from '../../native/index.ts';
import { compareCalls, printed, readExpected, writeExpected } from './compare-calls.ts';
import { scenes } from './scenes.ts';
import { type CallLine, playScenes } from './stage.ts';

/**
 * `npm run calls`: small calls of the SDK on the engines that are asked for, and what they come to. The last line is
 * `N passed, N failed`; an engine counts as one.
 * @returns the exit code
 */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const { window, update } = values as { window?: boolean; update?: boolean };
  const { pin, engines } = readEngineLock();
  const versions = window ? Object.keys(engines) : choose(values['engine-version'] as string | undefined, pin, engines);
  const root = dirname(dirname(import.meta.dirname));
  let failed = 0;
  for (const version of versions) {
    const { path } = await fetchEngine(version, { root, log: output.note });
    const lines = await playScenes(scenes, { version, path });
    if (update && version === pin) await writeExpected(root, lines);
    if (versions.length === 1) output.out(...lines.map(printed));
    const problems = compareCalls(lines, await readExpected(root), version);
    tell(version, lines, problems, output);
    if (problems.length > 0) failed += 1;
  }
  const passed = versions.length - failed;
  output.out(`${passed} passed, ${failed} failed`);
  return exitCodes.calls({ passed, failed });
}

/** @throws UsageError for an engine that is not in the window */
function choose(list: string | undefined, pin: string, engines: object): string[] {
  const versions = list?.split(',') ?? [pin];
  const stranger = versions.find((version) => !Object.hasOwn(engines, version));
  if (stranger === undefined) return versions;
  throw new UsageError(expectedGot('choosing the engines', Object.keys(engines).join(', '), stranger));
}

function tell(version: string, lines: readonly CallLine[], problems: readonly string[], { out }: Output): void {
  out(
    `${problems.length === 0 ? '✔' : '✘'} engine ${version}: ${lines.length} calls`,
    ...problems.map((one) => `    ${one}`),
  );
}
