import path from 'node:path';
import { behaviourOfStep, type StepEngine } from '../harness/bump/check-step.ts';
import { allScenarios, jobsOf, lookAround, selectScenarios } from '../harness/commands/context.ts';
import { jsonFile } from '../harness/commands/json-file.ts';
import type { Output } from '../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../harness/commands/read-arguments.mjs';
import { defaultFolders } from '../harness/run/folders.ts';
import { engineVersion } from '../native/engine-lock.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { type EngineInstall, fetchPublishedEngine, readEngineLock } from '../native/index.ts';
import { buildContract } from '../scripts/contract/build-contract.ts';
import { readEngineSchemas } from '../scripts/contract/read-engine-schema.ts';

const root = path.dirname(import.meta.dirname);

export async function main({ values }: Arguments, output: Output): Promise<number> {
  const given = values as { [name: string]: string | undefined } & { resume?: boolean; apply?: boolean };
  const { pin } = readEngineLock();
  const to = given.version ?? pin;
  const from = given.from ?? pin;
  for (const version of [to, from])
    if (!engineVersion.test(version))
      throw new UsageError(expectedGot('reading the version', 'one such as 0.171.0', JSON.stringify(version)));
  const json = await jsonFile(given.json);
  const folders = defaultFolders(path.resolve(given.out ?? path.join(root, 'out', 'bump', to)));
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => abort.abort());
  const { python, engine, clients } = await lookAround(false, root);
  const fetch = async (version: string): Promise<StepEngine> => {
    const options = { root, log: (line: string) => output.note(line), signal: abort.signal };
    return withContract(await fetchPublishedEngine(version, options));
  };
  const installed = { path: python ?? '', version: '0.163.0' };
  const scenarios = selectScenarios(await allScenarios(folders), { scenario: given.scenario });
  const diffs = await behaviourOfStep({
    from: await fetch(from),
    to: await fetch(to),
    python: { from: installed, to: installed },
    pinned: engine as EngineInstall,
    clients,
    scenarios,
    folders,
    jobs: jobsOf({ jobs: given.jobs }),
    resume: given.resume === true,
    signal: abort.signal,
    note: (line) => output.note(line),
  });
  await json?.write(diffs);
  for (const { changes, unsteady, unrun, notApplicable, compared, durationMs } of diffs) {
    output.out(
      `${compared} compared, ${changes.length} changes, ${unsteady.length} unsteady, ${unrun.length} unrun, ${notApplicable.length} n/a, ${durationMs} ms`,
    );
    for (const change of changes) {
      output.out(`${change.blame} ${change.class} ${change.what} ${change.place} [${change.scenarios}]`);
      if (change.example?.before) output.out(`   - ${change.example.before}`);
      if (change.example?.after) output.out(`   + ${change.example.after}`);
      if (change.before !== undefined || change.after !== undefined)
        output.out(`   ${JSON.stringify(change.before)} → ${JSON.stringify(change.after)}`);
    }
    for (const change of unsteady)
      output.out(`unsteady ${change.what} ${change.place} [${change.provenBy.slice(0, 3)}]`);
    for (const one of unrun) output.out(`unrun ${JSON.stringify(one)}`);
  }
  return 0;
}

const withContract = async (engine: EngineInstall): Promise<StepEngine> => ({
  ...engine,
  contract: buildContract(await readEngineSchemas(engine.path), engine.sha256),
});
