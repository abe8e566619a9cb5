import path from 'node:path';
import { defineCommand } from 'citty';
import pc from 'picocolors';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { compare } from '../compare/compare.ts';
import { ignoredChannels } from '../compare/ignored-channels.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { normalise } from '../normalise/normalise.ts';
import { readObservation } from '../observation/observation-file.ts';
import { describeDifference } from '../report/explain.ts';
import { defaultFolders } from '../run/folders.ts';
import { loadScenarios } from '../scenario/index.ts';
import { parseClients, parseEngines, UsageError } from './arguments.ts';
import type { Terminal } from './context.ts';

/** `diff`: every difference of a cell that ran, from its raw observation. Runs nothing. */
export const diffCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: { name: 'diff', description: 'Show every difference of a cell that ran, before the ledger; runs nothing' },
    args: {
      scenario: { type: 'positional', required: true, description: 'Scenario id' },
      client: { type: 'string', default: 'ts', description: 'Client', valueHint: 'ID' },
      engine: { type: 'string', default: 'real', description: 'real or fake', valueHint: 'KIND' },
      json: { type: 'string', description: 'Write the differences to this file', valueHint: 'FILE' },
      out: { type: 'string', description: 'Folder of the run (default: out/parity)', valueHint: 'DIR' },
    },
    run: async ({ args }) => done(await diff(args, terminal)),
  });

export async function diff(
  args: { scenario: string; client: string; engine: string; json?: string | undefined; out?: string | undefined },
  terminal: Terminal,
): Promise<number> {
  const folders = defaultFolders(args.out === undefined ? undefined : path.resolve(args.out));
  const [client] = parseClients(args.client);
  const [engine] = parseEngines(args.engine);
  const raw = path.join(folders.raw, args.scenario, `${client}.${engine}.jsonl`);
  const golden = await readGolden(goldenPath(folders.goldens, args.scenario));
  if (golden === undefined) throw new UsageError(`${args.scenario} has no golden; npm run record -- ${args.scenario}`);
  const observation = await readObservation(raw).catch((cause: Error) => {
    throw new UsageError(
      `there is no observation of ${args.scenario} with ${client} on ${engine}; run the cell first`,
      { cause },
    );
  });
  const found = await loadScenarios(folders.scenarios, { glob: args.scenario });
  const scenario = found.find(({ id }) => id === args.scenario);
  const ignore = ignoredChannels(engine ?? 'real', scenario?.engine !== undefined);
  const differences = compare(golden, normalise(observation), { ignore });
  if (args.json !== undefined) await writeWhole(path.resolve(args.json), `${JSON.stringify(differences, null, 2)}\n`);
  for (const difference of differences) terminal.out(describeDifference(difference, pc));
  terminal.out(
    `${differences.length} differences between the golden (${golden.header.client}) and ${client} on ${engine}`,
  );
  return differences.length === 0 ? 0 : 1;
}
