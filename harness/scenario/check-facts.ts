import { clientTable } from '../clients/clients.ts';
import type { Contract } from '../contract/types.ts';
import { didYouMean } from '../data/nearest.ts';
import type { Report } from '../data/yaml-source.ts';
import { coverageNames } from './coverage-names.ts';
import type { Scenario } from './types.ts';
import { compareVersions } from './versions.ts';

/**
 * Checks what a scenario says about itself: its id, what it covers, which clients it is for. `wantedId` is the id that
 * its path gives.
 */
export function checkFacts(scenario: Scenario, wantedId: string, contract: Contract, report: Report): void {
  if (scenario.id !== wantedId)
    report(['id'], `expected "${wantedId}" as the path has it, got the id "${scenario.id}"`);
  const known = coverageNames(contract, scenario.family);
  for (const [i, name] of scenario.covers.entries()) {
    if (!known.has(name))
      report(
        ['covers', i],
        `expected a method, item:VARIANT or fault:KIND of the contract, got "${name}"${didYouMean(name, known)}`,
      );
  }
  for (const [i, client] of (scenario.clients ?? []).entries()) {
    if (clientTable[client].family !== scenario.family) {
      report(
        ['clients', i],
        `expected a client of the family ${scenario.family}, got the client "${client}" of the family ${clientTable[client].family}`,
      );
    }
  }
  const { since, until } = scenario;
  if (since !== undefined && until !== undefined && compareVersions(since, until) > 0) {
    report(['until'], `expected a version not before since ${since}, got until ${until}`);
  }
  const answers = scenario.model?.length ?? 0;
  for (const [i, step] of scenario.steps.entries()) {
    if ('await-model' in step && scenario.script === undefined && step['await-model'] > answers) {
      report(
        ['steps', i, 'await-model'],
        `expected one of the ${answers} requests that model answers, got request ${step['await-model']}`,
      );
    }
  }
}
