import type { ClientId } from '../../clients/clients.ts';
import { capabilitiesOf, clientTable, ourClient, referenceOrder } from '../../clients/clients.ts';
import { neededCapabilities } from '../../scenario/select-clients.ts';
import type { StandingScenario } from '../../scenario/types.ts';

/**
 * Who plays a case: the official clients that can, in the order in which they are asked for a golden, then ours. Where
 * no official client can go, ours plays alone, and only what no client may do is held against it.
 */
export function playersOf(scenario: StandingScenario, present: readonly ClientId[]): ClientId[] {
  const needed = neededCapabilities(scenario);
  const can = (client: (typeof referenceOrder)[number]) =>
    present.includes(client) &&
    clientTable[client].family === scenario.family &&
    (scenario.clients?.includes(client) ?? true) &&
    needed.every((one) => capabilitiesOf(client).includes(one));
  const official = referenceOrder.filter((client) => clientTable[client].maker === 'official' && can(client));
  const ours = ourClient(scenario.family);
  return can(ours) ? [...official, ours] : [];
}
