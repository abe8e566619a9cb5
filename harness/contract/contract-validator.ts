import { decimalOf, ExactNumber } from '../../testing/json/exact-number.ts';
import { isObject } from '../../testing/json/json.ts';
import type { EngineKind } from '../clients/clients.ts';
import type { Blame, Finding } from './finding.ts';
import { TypeValidator } from './type-validator.ts';
import type { Contract, NotificationEntry, RequestEntry } from './types.ts';

export type RequestId = string | number;

/** An id as a key; undefined if it is neither a text nor a number. */
export function requestId(id: unknown): RequestId | undefined {
  if (id instanceof ExactNumber) return `number ${decimalOf(id)}`;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

/** The requests of one side that are waiting for an answer: id → method. */
export type PendingRequests = ReadonlyMap<RequestId, string>;

type Fields = Record<string, unknown>;

/** What one side may send: its own requests and notifications, and answers to the other side's requests. */
interface Side {
  blame: Blame;
  requests: Record<string, RequestEntry>;
  notifications: Record<string, NotificationEntry>;
  answers: Record<string, RequestEntry>;
}

/** Checks single wire messages against a contract. It keeps no state: pending requests are passed to it. */
export class ContractValidator {
  readonly #types: TypeValidator;
  readonly #client: Side;
  readonly #server: Side;

  /** `engine` says whom to blame for the server's messages. Pass `types` to share the compiled types. */
  constructor(contract: Contract, engine: EngineKind = 'real', types: TypeValidator = new TypeValidator(contract)) {
    this.#types = types;
    const { clientRequests, clientNotifications, serverRequests, serverNotifications } = contract.methods;
    this.#client = {
      blame: 'client',
      requests: clientRequests,
      notifications: clientNotifications,
      answers: serverRequests,
    };
    this.#server = {
      blame: engine === 'real' ? 'engine' : 'fake',
      requests: serverRequests,
      notifications: serverNotifications,
      answers: clientRequests,
    };
  }

  /** What is wrong with a message of the client. `pending`: the server's requests that are waiting for an answer. */
  validateClientMessage(msg: unknown, pending: PendingRequests = new Map()): Finding[] {
    return this.#validate(msg, this.#client, pending);
  }

  /** What is wrong with a message of the engine. `pending`: the client's requests that are waiting for an answer. */
  validateServerMessage(msg: unknown, pending: PendingRequests = new Map()): Finding[] {
    return this.#validate(msg, this.#server, pending);
  }

  #validate(msg: unknown, side: Side, pending: PendingRequests): Finding[] {
    const finding = (method: string | null, path: string, message: string): Finding[] => [
      { blame: side.blame, method, path, message },
    ];
    if (!isObject(msg)) {
      return finding(null, '', `expected an object, got ${JSON.stringify(msg)}`);
    }
    const fields = msg as Fields;
    if (!('method' in fields)) return this.#answer(fields, side, pending);
    const { method } = fields;
    if (typeof method !== 'string') return finding(null, '/method', `expected a text, got ${JSON.stringify(method)}`);
    if (!('id' in fields)) {
      const entry = side.notifications[method];
      if (entry === undefined) return finding(method, '/method', `the contract has no notification ${method}`);
      return this.#params(fields, side, method, entry.params, entry.params !== null);
    }
    const entry = side.requests[method];
    if (entry === undefined) return finding(method, '/method', `the contract has no request ${method}`);
    const idProblem = this.#types.check('RequestId', fields.id);
    if (idProblem !== undefined) return finding(method, '/id', idProblem.message);
    return this.#params(fields, side, method, entry.params, entry.paramsRequired);
  }

  #params({ params }: Fields, side: Side, method: string, type: string | null, required: boolean): Finding[] {
    if (type === null && params !== undefined && params !== null) {
      return [{ blame: side.blame, method, path: '/params', message: 'expected no params, got some' }];
    }
    if (type === null || (!required && (params === undefined || params === null))) return [];
    if (params === undefined)
      return [{ blame: side.blame, method, path: '/params', message: `expected params of the type ${type}, got none` }];
    return this.#typed(side, method, type, params, '/params');
  }

  #answer(fields: Fields, side: Side, pending: PendingRequests): Finding[] {
    const { id } = fields;
    const finding = (method: string | null, path: string, message: string): Finding => ({
      blame: side.blame,
      method,
      path,
      message,
    });
    if (!('result' in fields) && !('error' in fields))
      return [finding(null, '', 'saw neither method, nor result, nor error')];
    const key = requestId(id);
    const method = key === undefined ? undefined : pending.get(key);
    if (method === undefined)
      return [finding(null, '/id', `saw the answer to ${JSON.stringify(id)}, which nobody waits for`)];
    if ('result' in fields && 'error' in fields)
      return [finding(method, '', 'expected a result or an error, got both')];
    if ('error' in fields) return this.#typed(side, method, 'JSONRPCErrorError', fields.error, '/error');
    const entry = side.answers[method];
    if (entry === undefined)
      return [finding(method, '/result', `saw a result of ${method}, which the contract does not have`)];
    return this.#typed(side, method, entry.result, fields.result, '/result');
  }

  #typed(side: Side, method: string, type: string, value: unknown, at: string): Finding[] {
    const problem = this.#types.check(type, value);
    return problem === undefined
      ? []
      : [{ blame: side.blame, method, path: at + problem.path, message: `${problem.message} (${type})` }];
  }
}
