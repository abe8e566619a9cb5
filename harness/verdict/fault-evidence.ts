import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import type { ModelAnswer } from '../../testing/model/model-answer.ts';
import type { ScriptStep } from '../../testing/play/script-types.ts';
import type { EngineKind } from '../clients/clients.ts';
import type { TypeValidator } from '../contract/type-validator.ts';
import type { Contract } from '../contract/types.ts';
import { idKey } from '../normalise/wire-facts.ts';
import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';

/** One line that the engine wrote. */
export interface Incoming {
  msg?: JsonValue;
  raw?: string;
  wrong: boolean;
  /** For an answer: the request's method; undefined if nobody waits for it. */
  answers?: string;
  /** An answer to something that has already been answered. */
  again?: boolean;
  /** Not an answer: a message with a method, an event of `exec`, or no message at all. */
  event?: true;
  /** It came before the answer to a `turn/start` that had been sent. */
  beforeTurnAnswer: boolean;
}

/** A contract and its compiled types; `WireChecker` has both. */
export interface ContractTypes {
  contract: Contract;
  types: TypeValidator;
}

/**
 * What a run shows about faults. Steps that the wire does not show count as played, because a script that was not
 * played to its end is itself a fault of the run.
 */
export interface FaultEvidence {
  contract: Contract;
  types: TypeValidator;
  incoming: Incoming[];
  /** Played steps, including those in sequences and repetitions. */
  steps: ScriptStep[];
  /** The model's answers that were requested. */
  model: ModelAnswer[];
  exits: { code: number | null; signal: string | null }[];
  marks: string[];
}

export function faultEvidence(
  scenario: Scenario,
  lines: readonly ObservationLine[],
  engine: EngineKind,
  { contract, types }: ContractTypes,
): FaultEvidence {
  const marks = lines.flatMap((line) => (line.ch === 'mark' ? [line.mark] : []));
  return {
    contract,
    types,
    incoming: incomingOf(lines),
    steps: engine === 'fake' && !marks.includes('script miss') ? flatten(scenario.script ?? []) : [],
    // A replay has no model: what the model did wrong is in the golden.
    model:
      engine === 'real' && !marks.some((mark) => mark.startsWith('unconsumed model answer'))
        ? (scenario.model ?? [])
        : [],
    exits: lines.flatMap((line) => (line.ch === 'exit' ? [{ code: line.code, signal: line.signal }] : [])),
    marks,
  };
}

function flatten(steps: readonly ScriptStep[]): ScriptStep[] {
  return steps.flatMap((step): ScriptStep[] => {
    if ('any-order' in step) return step['any-order'].flatMap(flatten);
    return 'repeat' in step ? flatten(step.steps) : [step];
  });
}

function incomingOf(lines: readonly ObservationLine[]): Incoming[] {
  let asked = new Map<string, string>();
  let answered = new Set<string>();
  let starting = 0;
  return lines.flatMap((line): Incoming[] => {
    if (line.ch === 'argv') {
      asked = new Map();
      answered = new Set();
      starting = 0;
    }
    if (line.ch === 'wire.out' && isObject(line.msg) && typeof line.msg.method === 'string') {
      asked.set(idKey(line.msg.id), line.msg.method);
      if (line.msg.method === 'turn/start') starting += 1;
    }
    if (line.ch !== 'wire.in') return [];
    const one: Incoming = { ...line, wrong: line.wrong === true, beforeTurnAnswer: starting > 0 };
    // What a run of `exec` prints is not a message.
    if (!isObject(line.msg) || 'method' in line.msg || line.run !== undefined) return [{ ...one, event: true }];
    const id = idKey(line.msg.id);
    const method = asked.get(id);
    const again = method !== undefined && answered.has(id);
    answered.add(id);
    if (method === 'turn/start' && !again) starting -= 1;
    return [{ ...one, ...(method !== undefined && { answers: method }), again }];
  });
}

/** The message if it is a notification or request of that kind, otherwise undefined. */
export const messageOf = ({ msg }: Incoming): (JsonObject & { method: string }) | undefined =>
  isObject(msg) && typeof msg.method === 'string' ? (msg as JsonObject & { method: string }) : undefined;

/** The `error` of an answer, if it is one. */
export const errorOf = ({ msg }: Incoming): { error: JsonValue } | undefined =>
  isObject(msg) && !('method' in msg) && msg.error !== undefined ? { error: msg.error } : undefined;
