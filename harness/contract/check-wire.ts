import { isObject } from '../../testing/json/json.ts';
import { keyOfJson } from '../../testing/json/write-json.ts';
import type { EngineKind } from '../clients/clients.ts';
import { ContractValidator, type PendingRequests, type RequestId, requestId } from './contract-validator.ts';
import type { Finding } from './finding.ts';
import { TypeValidator } from './type-validator.ts';
import type { Contract } from './types.ts';

/** A line of the wire. `out`: client → engine. `raw` instead of `msg` if the line is not JSON. */
export interface WireLine {
  dir: 'out' | 'in';
  msg?: unknown;
  raw?: string;
  /** The engine's script sends it on purpose: it is ignored, and so is the client's answer. */
  wrong?: true;
}

/** A finding in a wire log; `line` is the index of its line. */
export interface WireFinding extends Finding {
  line: number;
}

/** Checks whole wire logs against one contract. Compiled types are kept between logs: create one per process. */
export class WireChecker {
  readonly contract: Contract;
  readonly types: TypeValidator;
  readonly #validators: Record<EngineKind, ContractValidator>;
  readonly #others: readonly Contract[];
  #otherCheckers: WireChecker[] | undefined;

  /** `others`: contracts of other engines, any of which a scripted engine may be. */
  constructor(contract: Contract, others: readonly Contract[] = []) {
    this.#others = others;
    const types = new TypeValidator(contract);
    this.contract = contract;
    this.types = types;
    this.#validators = {
      real: new ContractValidator(contract, 'real', types),
      fake: new ContractValidator(contract, 'fake', types),
    };
  }

  /**
   * What is wrong with the lines, in order: invalid messages, and answers that nobody asked for. An unanswered request
   * is not a finding. A script says by itself what its engine has: there a line is wrong if it is for every engine that the checker knows.
   */
  checkWire(
    lines: readonly WireLine[],
    { engine, scripted = false }: { engine: EngineKind; scripted?: boolean },
  ): WireFinding[] {
    const found = this.#check(lines, engine);
    if (!scripted || found.length === 0) return found;
    this.#otherCheckers ??= this.#others.map((other) => new WireChecker(other));
    const elsewhere = this.#otherCheckers.map((other) => other.checkWire(lines, { engine }));
    return found.filter(({ line }) => elsewhere.every((findings) => findings.some((other) => other.line === line)));
  }

  #check(lines: readonly WireLine[], engine: EngineKind): WireFinding[] {
    const validator = this.#validators[engine];
    const asked = { out: new Map<RequestId, string>(), in: new Map<RequestId, string>() };
    const askedWrongly = new Set<string>();
    return lines.flatMap((entry, line): WireFinding[] => {
      if (entry.wrong) {
        track(entry.msg, asked.in, asked.out);
        if (isMessage(entry.msg)) askedWrongly.add(keyOfJson(entry.msg.id ?? null));
        return [];
      }
      if (entry.dir === 'out' && isMessage(entry.msg) && !('method' in entry.msg)) {
        if (askedWrongly.delete(keyOfJson(entry.msg.id ?? null))) return [];
      }
      const sender = entry.dir === 'out' ? 'client' : engine === 'real' ? 'engine' : 'fake';
      if (entry.msg === undefined) {
        const [blame, message] =
          entry.raw === undefined
            ? (['harness', 'saw a line without content'] as const)
            : ([sender, 'saw a line that is not JSON'] as const);
        return [{ line, blame, method: null, path: '', message }];
      }
      const pending: PendingRequests = entry.dir === 'out' ? asked.in : asked.out;
      const findings =
        entry.dir === 'out'
          ? validator.validateClientMessage(entry.msg, pending)
          : validator.validateServerMessage(entry.msg, pending);
      const twice = track(entry.msg, asked[entry.dir], entry.dir === 'out' ? asked.in : asked.out);
      if (twice !== undefined) {
        findings.push({
          blame: sender,
          method: twice,
          path: '/id',
          message: 'saw a second request under the id of one that still waits',
        });
      }
      return findings.map((finding) => ({ ...finding, line }));
    });
  }
}

const isMessage = (msg: unknown): msg is { id?: unknown; method?: unknown } => isObject(msg);

/** Records a request as pending and an answer as given. Returns the method of a request whose id is already in use. */
function track(msg: unknown, own: Map<RequestId, string>, other: Map<RequestId, string>): string | undefined {
  if (typeof msg !== 'object' || msg === null) return undefined;
  const { id: given, method } = msg as { id?: unknown; method?: unknown };
  const id = requestId(given);
  if (id === undefined) return undefined;
  if (typeof method !== 'string') {
    other.delete(id);
    return undefined;
  }
  if (own.has(id)) return method;
  own.set(id, method);
  return undefined;
}
