import { type Capability, type ClientId, type EngineKind, referenceOrder } from '../clients/clients.ts';
import { selectClients } from './index.ts';
import type { WrittenScenario } from './types.ts';

/** A scripted engine is recorded on the fake, everything else on the real one. */
export const recordingEngine = ({ script }: Pick<WrittenScenario, 'script'>): EngineKind =>
  script === undefined ? 'real' : 'fake';

/** The client whose run is the scenario's golden, among those available; undefined if none can run it. */
export function referenceClient(
  scenario: WrittenScenario,
  present: readonly { client: ClientId; capabilities: readonly Capability[] }[],
  engineVersion: string,
): ClientId | undefined {
  const choices = selectClients(scenario, present, [{ engine: recordingEngine(scenario), version: engineVersion }]);
  return referenceOrder.find((client) => choices.some((choice) => choice.applicable && choice.client === client));
}
