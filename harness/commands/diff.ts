import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineCommand } from 'citty';
import { readEngineLock } from '../../native/index.ts';
import { engineName } from '../cell/cell-path.ts';
import { isGuest, ourClient } from '../clients/clients.ts';
import { observationDiff } from '../compare/observation-diff.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { normalise } from '../normalise/normalise.ts';
import { readObservation } from '../observation/observation-file.ts';
import { paintChange } from '../report/paint.ts';
import { defaultFolders } from '../run/folders.ts';
import { loadScenarios, scenarioOn } from '../scenario/index.ts';
import { differencesOf } from '../verdict/judge-cell.ts';
import { engineVersionArg, parseClient, parseEngine, parseEngineVersion } from './arguments.ts';
import type { Terminal } from './context.ts';
import { jsonFile } from './json-file.ts';
import { UsageError } from './read-arguments.mjs';

/** `diff`: every difference of a cell that ran, and what is wrong with the run by itself, from its raw observation. Runs nothing. */
export const diffCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: { name: 'diff', description: 'Show every difference of a cell that ran, before the ledger; runs nothing' },
    args: {
      scenario: { type: 'positional', required: true, description: 'Scenario id' },
      client: { type: 'string', description: 'Client (default: ts or ts-exec)', valueHint: 'ID' },
      engine: { type: 'string', default: 'real', description: 'real or fake', valueHint: 'KIND' },
      'engine-version': { ...engineVersionArg, description: 'Version of the real engine (default: the pin)' },
      json: { type: 'string', description: 'Write the differences to this file', valueHint: 'FILE' },
      out: { type: 'string', description: 'Folder of the run (default: out/parity)', valueHint: 'DIR' },
    },
    run: async ({ args }) => done(await diff(args, terminal)),
  });

export async function diff(
  args: {
    scenario: string;
    client?: string | undefined;
    engine: string;
    'engine-version'?: string | undefined;
    json?: string | undefined;
    out?: string | undefined;
  },
  terminal: Terminal,
): Promise<number> {
  const json = await jsonFile(args.json);
  const folders = defaultFolders(args.out === undefined ? undefined : path.resolve(args.out));
  const found = await loadScenarios(folders.scenarios, { glob: args.scenario });
  const scenario = found.find(({ id }) => id === args.scenario);
  if (scenario === undefined)
    throw new UsageError(`there is no scenario ${args.scenario}; npm run parity -- doctor checks them all`);
  const engine = parseEngine(args.engine) ?? 'real';
  const version = parseEngineVersion(args['engine-version']);
  const engineVersion = version === readEngineLock().pin || engine === 'fake' ? undefined : version;
  const of = { engine, ...(engineVersion !== undefined && { engineVersion }) };
  const rawOf = (one: string) => path.join(folders.raw, args.scenario, `${one}.${engineName(of)}.jsonl`);
  // A guest is known by what it left: its driver is not needed to read that.
  const { client: named } = args;
  const guest = named !== undefined && isGuest(named) && existsSync(rawOf(named)) ? named : undefined;
  const client = guest ?? parseClient(named) ?? ourClient(scenario.family);
  const golden = await readGolden(goldenPath(folders.goldens, args.scenario));
  if (golden === undefined) throw new UsageError(`${args.scenario} has no golden; npm run record -- ${args.scenario}`);
  const observed = (one: string) =>
    readObservation(rawOf(one)).catch((cause: Error) => {
      const advice = 'run the cell first';
      throw new UsageError(`there is no observation of ${args.scenario} with ${one} on ${engineName(of)}; ${advice}`, {
        cause,
      });
    });
  const observation = await observed(client);
  // On another engine than the pin, what the reference did there takes the golden's place; itself it drifts from that.
  const reference = golden.header.client;
  const expected = engineVersion === undefined || client === reference ? golden : normalise(await observed(reference));
  const plan = { scenario: scenarioOn(scenario, version), client, round: 1, ...of };
  const checker = new WireChecker(await loadContract(engineVersion));
  const actual = normalise(observation);
  const differences = differencesOf(plan, observation, actual, expected, checker);
  await json?.write(differences);
  for (const line of observationDiff(expected, actual, differences)) terminal.out(paintChange(line, terminal.paint));
  if (differences.length > 0) {
    terminal.out('', 'paths, as a known difference names them:');
    terminal.out(...[...new Set(differences.map((one) => `  ${one.path}`))].sort());
  }
  terminal.out(
    `${differences.length} differences between ${expected === golden ? 'the golden' : 'the reference'} (${reference}) and ${client} on ${engineName(of)}`,
  );
  return exitCodes.diff({ failed: differences.length });
}
