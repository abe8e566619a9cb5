import { isObject } from '../../../testing/json/json.ts';
import type { EngineKind } from '../../clients/clients.ts';
import { idKey, textAt } from '../../normalise/wire-facts.ts';
import type { ObservationLine } from '../../observation/types.ts';
import type { Scenario } from '../../scenario/types.ts';
import { type ContractTypes, faultEvidence } from '../../verdict/fault-evidence.ts';
import { faultsShown } from '../../verdict/fault-kinds.ts';
import { ContractWalker } from './contract-walker.ts';
import { type CoverageKind, type CoveragePoint, errorCodeOf, pointOf } from './kinds.ts';

/** Errors that the engine returns before it has looked at the method itself: such an answer covers nothing. */
const notReached = /^Invalid request: |^Not initialized|requires experimentalApi capability|replay miss/;

/** Reads what runs covered. One instance for many runs, because the contract's types are walked again and again. */
export class CoverageReader {
  readonly #of: ContractTypes;
  readonly #walker: ContractWalker;

  readonly #nulls: boolean;

  /** @param nulls counts fields that are null: of coverage they are none, because the engine sends null for everything that it has nothing to say about */
  constructor(of: ContractTypes, { nulls = false }: { nulls?: boolean } = {}) {
    this.#of = of;
    this.#nulls = nulls;
    this.#walker = new ContractWalker(of.contract);
  }

  /** What one run covered. Messages that are wrong on purpose count only as faults. */
  read(scenario: Scenario, lines: readonly ObservationLine[], engine: EngineKind): Set<CoveragePoint> {
    const points = new Set<CoveragePoint>();
    const add = (kind: CoverageKind, name: string) => points.add(pointOf(kind, name));
    for (const kind of faultsShown(faultEvidence(scenario, lines, engine, this.#of))) add('faults', kind);
    const { clientRequests, clientNotifications, serverRequests, serverNotifications } = this.#of.contract.methods;
    const asked = { out: new Map<string, string>(), in: new Map<string, string>() };
    for (const line of lines) {
      if (line.ch === 'argv') for (const side of [asked.out, asked.in]) side.clear();
      if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || !isObject(line.msg)) continue;
      if (line.run !== undefined) {
        addExec(line.msg.type, textAt(line.msg, 'item', 'type'), add);
        continue;
      }
      const out = line.ch === 'wire.out';
      const { method, id, params, result, error } = line.msg;
      if (typeof method === 'string') {
        if (id !== undefined) (out ? asked.out : asked.in).set(idKey(id), method);
        if (line.ch === 'wire.in' && line.wrong) continue;
        const requests = out ? clientRequests : serverRequests;
        const entry = (id === undefined ? (out ? clientNotifications : serverNotifications) : requests)[method];
        if (entry === undefined || ('unlisted' in entry && entry.unlisted)) continue;
        add(
          id === undefined ? (out ? 'clientNotifications' : 'notifications') : out ? 'requests' : 'serverRequests',
          method,
        );
        this.#walk(entry.params, params, out, add);
        continue;
      }
      const request = (out ? asked.in : asked.out).get(idKey(id));
      if (request === undefined || (line.ch === 'wire.in' && line.wrong)) continue;
      if (isObject(error)) {
        if (!out && typeof error.code === 'number') add('errorCodes', errorCodeOf(error.code));
        if (!out && notReached.test(String(error.message))) continue;
        add(out ? 'serverAnswers' : 'answers', request);
      } else if (result !== undefined) {
        add(out ? 'serverAnswers' : 'answers', request);
        if (!out) add('results', request);
        this.#walk((out ? serverRequests : clientRequests)[request]?.result, result, out, add);
      }
    }
    return points;
  }

  #walk(
    type: string | null | undefined,
    value: unknown,
    out: boolean,
    add: (kind: CoverageKind, name: string) => void,
  ): void {
    if (type === null || type === undefined) return;
    this.#walker.walkValue(type, value, {
      nulls: this.#nulls,
      field: (name) => add(out ? 'fieldsOut' : 'fieldsIn', name),
      enumValue: (name) => add(out ? 'enumValuesOut' : 'enumValuesIn', name),
      variant: (name) => {
        const item = /^ThreadItem\{(.+)\}$/.exec(name)?.[1];
        if (item !== undefined && !out) add('items', item);
      },
    });
  }
}

function addExec(type: unknown, item: string | undefined, add: (kind: CoverageKind, name: string) => void): void {
  if (typeof type === 'string') add('execEvents', type);
  if (item !== undefined) add('execItems', item);
}
