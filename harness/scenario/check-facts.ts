import { didYouMean } from '../../testing/nearest.ts';
import { clientFacts } from '../clients/clients.ts';
import type { Contract } from '../contract/types.ts';
import type { Report } from '../data/yaml-source.ts';
import { coverageNames } from './coverage-names.ts';
import type { Scenario, WrittenScenario } from './types.ts';

/**
 * Checks what a scenario says about itself: its id, what it covers, which clients it is for. `wantedId` is the id that
 * its path gives.
 */
export function checkFacts(scenario: WrittenScenario, wantedId: string, contract: Contract, report: Report): void {
  if (scenario.id !== wantedId)
    report(['id'], `expected "${wantedId}" as the path has it, got the id "${scenario.id}"`);
  const known = coverageNames(contract, scenario.family);
  for (const [i, entry] of scenario.covers.entries()) {
    const name = typeof entry === 'string' ? entry : entry.name;
    if (!known.has(name))
      report(
        ['covers', i, ...(typeof entry === 'string' ? [] : ['name'])],
        `expected a method, item:VARIANT or fault:KIND of the contract, got "${name}"${didYouMean(name, known)}`,
      );
  }
  for (const [i, client] of (scenario.clients ?? []).entries()) {
    if (clientFacts(client).family !== scenario.family) {
      report(
        ['clients', i],
        `expected a client of the family ${scenario.family}, got the client "${client}" of the family ${clientFacts(client).family}`,
      );
    }
  }
}

/** A step must not wait for a request that the model has no answer to. */
export function checkModelRequests({ model = [], script, steps }: Scenario, report: Report): void {
  if (script !== undefined) return;
  for (const [i, step] of steps.entries()) {
    if ('await-model' in step && step['await-model'] > model.length) {
      report(
        ['steps', i, 'await-model'],
        `expected one of the ${model.length} requests that model answers, got request ${step['await-model']}`,
      );
    }
  }
}
