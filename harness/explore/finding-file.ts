import path from 'node:path';
import { stringify } from 'yaml';
import { writeWhole } from '../../testing/files/write-whole.ts';
import type { ExploredScenario, Finding } from './types.ts';

export interface FoundScenario {
  /** Its `id` is `FOLDER/NAME`, as that of every scenario. */
  scenario: ExploredScenario;
  findings: readonly Finding[];
  /** The command that plays it again. */
  repeat: string;
}

/**
 * Writes a finding as a scenario that is ready to run: play it again with its `repeat` command, or move it to `fixtures/scenarios/FOLDER/NAME.yaml`. The file is
 * whole or not there.
 * @param folder the file is `FOLDER/NAME.yaml` in it
 * @returns the file
 */
export async function writeFinding(folder: string, { scenario, findings, repeat }: FoundScenario): Promise<string> {
  const file = path.join(folder, `${scenario.id}.yaml`);
  const said = findings.map(({ client, mutant, kind, what }) => {
    const who = mutant === undefined ? client : `${client} with mutant ${mutant}`;
    return `# ${who}: ${kind}: ${what.replaceAll(/\s+/g, ' ')}`;
  });
  const up = '../'.repeat(scenario.id.split('/').length);
  const head = [`# yaml-language-server: $schema=${up}schema/scenario.schema.json`, ...said, `# ${repeat}`];
  const { deadlineMs: _, ...document } = scenario;
  await writeWhole(file, `${head.join('\n')}\n${stringify(document, { lineWidth: 140 })}`);
  return file;
}
