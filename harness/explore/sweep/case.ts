import { expectedGot } from '../../../native/expected-got.mjs';
import { type ClientId, type Family, ourClient } from '../../clients/clients.ts';
import type { StandingScenario, Step } from '../../scenario/types.ts';
import { type Fault, type FaultName, faults, lateLatch, strike } from './faults.ts';
import type { GoldenScript, Position } from './script-of-golden.ts';

/** What the sweep takes its runs from: a scenario, and its golden as a script. */
export interface Base {
  scenario: StandingScenario;
  script: GoldenScript;
}

/** One run of the sweep: a fault at one position of a golden. */
export interface SweepCase {
  /** `sweep/FAULT/MESSAGE/GOLDEN-POSITION`: the name that ledger and findings use. */
  id: string;
  base: Base;
  position: number;
  fault: FaultName;
  family: Family;
}

const execClients: ClientId[] = ['ts-official', 'ts-exec'];

const slug = (text: string): string =>
  text
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

export function caseOf(base: Base, position: number, fault: FaultName): SweepCase {
  const { message } = base.script.positions[position] as Position;
  const id = `sweep/${fault}/${slug(message)}/${slug(base.scenario.id)}-${position}`;
  return { id, base, position, fault, family: base.scenario.family };
}

/** The steps that a call of the user belongs to, in order. */
const calls = (step: Step): boolean => 'call' in step || 'start' in step || 'next' in step || 'close' in step;

/**
 * The scenario of a case: the golden's own, with the script in place of the engine. Undefined where the fault cannot
 * strike there.
 */
export function scenarioOf({ id, base, position, fault, family }: SweepCase): StandingScenario | undefined {
  const struck = strike(base.script, position, fault, family);
  if (struck === undefined) return undefined;
  const at = base.script.positions[position] as Position;
  const {
    model: _model,
    engines: _engines,
    since: _since,
    until: _until,
    expandedFrom: _from,
    ...kept
  } = base.scenario;
  const { opening: _opening, hangs: _hangs, crashes: _crashes, realtime: _realtime, ...scenario } = kept;
  const opening = position <= base.script.positions.findIndex(({ message }) => message === 'initialized');
  const steps = stepsOf(base.scenario.steps, at, { ...struck, family, opening });
  if (steps === undefined) return undefined;
  const title = `${base.scenario.id}: the engine's ${at.message} (message ${position + 1}) ${faults[fault].title}`;
  const { notPython }: Fault = faults[fault];
  const clients = notPython === undefined ? {} : { clients: family === 'exec' ? execClients : [ourClient(family)] };
  return { ...scenario, ...clients, id, title, covers: [], script: struck.script, steps };
}

/**
 * The steps of the user. What comes late is released once the user waits for it: a call that lasts goes to the
 * background for that. Before the engine of an idle client dies, nothing of the user's may still come.
 */
function stepsOf(
  steps: readonly Step[],
  { calls: begun, returned, from, message }: Position,
  { late, dies, family, opening }: { late?: true; dies?: true; family: Family; opening: boolean },
): Step[] | undefined {
  const places = steps.flatMap((step, index) => (calls(step) ? [index] : []));
  const last = places[begun - 1];
  if (late === true) {
    // Nobody can release anything while the client is being opened.
    if (last === undefined) return undefined;
    const step = steps[last] as Step;
    const release: Step = { release: lateLatch };
    if (returned || !('call' in step)) return [...steps.slice(0, last + 1), release, ...steps.slice(last + 1)];
    const { call, as = 'waited', ...rest } = step;
    const begin: Step = { start: call, as, ...rest };
    return [...steps.slice(0, last), begin, release, { join: as }, ...steps.slice(last + 1)];
  }
  // A run of exec ends with its engine.
  if (dies === true && family === 'app-server') {
    // What the opening sends once it is answered, nobody can hold back.
    if (opening || last === undefined) return opens(message) ? [...steps] : undefined;
    // The call that sends the message is the one that was begun last: it comes after the end, as every later one does.
    const next = from === 'client' && !isReply(message) ? last : places[begun];
    if (next !== undefined) return [...steps.slice(0, next), { 'await-exit': 'engine' }, ...steps.slice(next)];
  }
  return [...steps];
}

/** Whether the opening waits for the engine there. */
const opens = (message: string): boolean => message === 'initialize' || message.startsWith('answer initialize');
/** Whether no call of the user sends it. */
const isReply = (message: string): boolean => message === 'initialized' || message.startsWith('answer ');

/** The case of an id. @throws RangeError for one that is none of these */
export function findCase(cases: readonly SweepCase[], id: string): SweepCase {
  const found = cases.find((one) => one.id === id);
  if (found === undefined)
    throw new RangeError(expectedGot('looking for a run of the sweep', 'the id of one, as a finding names it', id));
  return found;
}
