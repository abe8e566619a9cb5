import type { Capability, ClientId, EngineKind } from '../clients/clients.ts';
import { clientFacts } from '../clients/clients.ts';
import { holds } from '../judging/holds.ts';
import { namesOf, scenarioOn } from './on-version.ts';
import type { Scenario, WrittenScenario } from './types.ts';
import { compareVersions } from './versions.ts';

/** A driver as it describes itself. */
export interface DriverFacts {
  client: ClientId;
  capabilities: readonly Capability[];
}

/** An available engine. */
export interface EngineFacts {
  engine: EngineKind;
  version: string;
  /** What other engines of the window have and this one lacks: methods, and `item:VARIANT`. */
  lacks?: ReadonlySet<string>;
}

/** Whether a scenario applies to a client on an engine; `reason` says why not. */
export type Applicability = { client: ClientId; engine: EngineKind } & (
  | { applicable: true }
  | { applicable: false; reason: string }
);

/** The operations that need no SDK objects; everything else does. */
const rawOperations: ReadonlySet<string> = new Set(
  ['request', 'send', 'events', 'notifications', 'wait_for_turn_completed'].map((name) => `codex.${name}`),
);

/** What a client must be able to do for the scenario: what the scenario says, and what its steps imply. */
export function neededCapabilities({ family, needs = [], steps, answers = [] }: Scenario): Capability[] {
  const needed = new Set(needs);
  if (holds('needs-server-requests', answers.length > 0)) needed.add('server-requests');
  const repliesError = answers.some(({ error }) => error !== undefined);
  if (holds('needs-error-replies', repliesError)) needed.add('error-replies');
  for (const step of steps) {
    if (holds('needs-cancel', 'cancel' in step)) needed.add('cancel');
    const target = 'call' in step ? step.call : 'start' in step ? step.start : undefined;
    if (target !== undefined && family === 'app-server')
      needed.add(holds('needs-rpc', rawOperations.has(target)) ? 'rpc' : 'sdk');
  }
  return [...needed];
}

/** Whether the scenario applies, for every driver and engine in order. */
export function selectClients(
  scenario: WrittenScenario,
  drivers: readonly DriverFacts[],
  engines: readonly EngineFacts[],
): Applicability[] {
  return drivers.flatMap((driver) =>
    engines.map((engine): Applicability => {
      const reason = clientReason(scenarioOn(scenario, engine.version), driver) ?? engineReason(scenario, engine);
      const cell = { client: driver.client, engine: engine.engine };
      return reason === undefined ? { ...cell, applicable: true } : { ...cell, applicable: false, reason };
    }),
  );
}

function clientReason(scenario: Scenario, { client, capabilities }: DriverFacts): string | undefined {
  if (!holds('client-of-family', clientFacts(client).family === scenario.family))
    return `${client} is of the family ${clientFacts(client).family}, the scenario of ${scenario.family}`;
  const { clients } = scenario;
  if (holds('client-limited', clients !== undefined && !clients.includes(client)))
    return `limited to ${clients?.join(', ')}`;
  const lacking = neededCapabilities(scenario).filter((capability) => !capabilities.includes(capability));
  return !holds('client-lacks', lacking.length > 0)
    ? undefined
    : `${client} lacks the capability ${lacking.join(', ')}`;
}

/** Why a scenario is not applicable on an engine, whoever the client; undefined where it is. */
export function engineReason(scenario: WrittenScenario, { engine, version, lacks }: EngineFacts): string | undefined {
  const { engines, since, until } = scenario;
  if (holds('engine-limited', engines !== undefined && !engines.includes(engine)))
    return `limited to the ${engines?.join(', ')} engine`;
  if (holds('engine-too-old', since !== undefined && compareVersions(version, since) < 0))
    return `holds since engine ${since}, this is ${version}`;
  if (holds('engine-too-new', until !== undefined && compareVersions(version, until) > 0))
    return `holds until engine ${until}, this is ${version}`;
  // A script says by itself what its engine has.
  const lacking =
    scenario.script === undefined ? namesOf(scenarioOn(scenario, version)).filter((name) => lacks?.has(name)) : [];
  return !holds('engine-lacks', lacking.length > 0) ? undefined : `engine ${version} has no ${lacking.join(', ')}`;
}
