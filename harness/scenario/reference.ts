import type { Capability, ClientId, EngineKind } from '../clients/types.ts';
import { selectClients } from './index.ts';
import type { Scenario } from './types.ts';

/**
 * The official clients first, `bare` where no SDK can go, and ours only if nobody else can (a baseline, never counted
 * as parity).
 */
const order: readonly ClientId[] = ['python', 'python-async', 'ts-official', 'python-exec', 'bare', 'ts', 'ts-exec'];

/** A scripted engine is recorded on the fake, everything else on the real one. */
export const recordingEngine = ({ script }: Scenario): EngineKind => (script === undefined ? 'real' : 'fake');

/** The client whose run is the scenario's golden, among those available; undefined if none can run it. */
export function referenceClient(
  scenario: Scenario,
  present: readonly { client: ClientId; capabilities: readonly Capability[] }[],
  engineVersion: string,
): ClientId | undefined {
  const choices = selectClients(scenario, present, [{ engine: recordingEngine(scenario), version: engineVersion }]);
  return order.find((client) => choices.some((choice) => choice.applicable && choice.client === client));
}
