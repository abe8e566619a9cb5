import { clientFamilies } from '../clients/families.ts';
import type { Contract } from '../contract/types.ts';
import { coverageNames } from './coverage-names.ts';
import { didYouMean } from './nearest.ts';
import type { Scenario } from './types.ts';
import { compareVersions } from './versions.ts';
import type { Report } from './yaml-source.ts';

/** Checks what a scenario says of itself: its id, what it covers, whom it is for. `wantedId` is the one that its path gives. */
export function checkFacts(scenario: Scenario, wantedId: string, contract: Contract, report: Report): void {
  if (scenario.id !== wantedId) report(['id'], `saw the id "${scenario.id}", wanted "${wantedId}" as the path has it`);
  const known = coverageNames(contract, scenario.family);
  for (const [i, name] of scenario.covers.entries()) {
    if (!known.has(name))
      report(
        ['covers', i],
        `saw "${name}", which is no method, item:VARIANT or fault:KIND of the contract${didYouMean(name, known)}`,
      );
  }
  for (const [i, client] of (scenario.clients ?? []).entries()) {
    if (clientFamilies[client] !== scenario.family) {
      report(
        ['clients', i],
        `saw the client "${client}" of the family ${clientFamilies[client]}, wanted one of ${scenario.family}`,
      );
    }
  }
  const { since, until } = scenario;
  if (since !== undefined && until !== undefined && compareVersions(since, until) > 0) {
    report(['until'], `saw until ${until}, which is before since ${since}`);
  }
  const answers = scenario.model?.length ?? 0;
  for (const [i, step] of scenario.steps.entries()) {
    if ('await-model' in step && scenario.engine === undefined && step['await-model'] > answers) {
      report(
        ['steps', i, 'await-model'],
        `saw the wait for model request ${step['await-model']}, but model has ${answers} answers`,
      );
    }
  }
}
