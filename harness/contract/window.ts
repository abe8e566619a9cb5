import { existsSync } from 'node:fs';
import { readEngineLock } from '../../native/index.ts';
import { contractFolder, loadContract } from './load-contract.ts';
import { tagOf } from './tagged-union.ts';
import type { Contract, ContractMethods } from './types.ts';

/** The contracts of the window that are committed, the oldest engine first; the pin's is among them. */
export async function loadWindow(): Promise<Contract[]> {
  const { pin, engines } = readEngineLock();
  const versions = Object.keys(engines).filter((version) => version === pin || existsSync(contractFolder(version)));
  return Promise.all(versions.map((version) => loadContract(version)));
}

/** What a contract names: its methods, and `item:VARIANT` of each item of a thread. */
export function namesInContract({ methods, schema }: Contract): Set<string> {
  const { clientRequests, clientNotifications, serverRequests, serverNotifications } = methods;
  const items = (schema.definitions.ThreadItem?.oneOf ?? []).map((variant) => `item:${tagOf(variant)?.value}`);
  return new Set([
    ...[clientRequests, clientNotifications, serverRequests, serverNotifications].flatMap(Object.keys),
    ...items,
  ]);
}

/** What other engines of the window have and this one lacks; nothing is known of one without a committed contract. */
export async function namesLackingIn(version: string): Promise<Set<string>> {
  const window = await loadWindow();
  const own = window.find((contract) => contract.version === version);
  const has = own === undefined ? undefined : namesInContract(own);
  return new Set(
    window.flatMap((contract) => [...namesInContract(contract)]).filter((name) => has?.has(name) === false),
  );
}

/**
 * What scenarios may name: the pin's contract, and what other engines of the window have beside it. A scenario that names what an engine lacks is not
 * applicable there.
 */
export async function loadWindowContract(): Promise<Contract> {
  const pin = await loadContract();
  const others = (await loadWindow()).filter((contract) => contract !== pin);
  const merged = <Kind extends 'clientRequests' | 'clientNotifications' | 'serverRequests' | 'serverNotifications'>(
    kind: Kind,
  ): ContractMethods[Kind] => Object.assign({}, ...others.map(({ methods }) => methods[kind]), pin.methods[kind]);
  const items = [pin, ...others].flatMap(({ schema }) => schema.definitions.ThreadItem?.oneOf ?? []);
  const ThreadItem = { ...pin.schema.definitions.ThreadItem, oneOf: items };
  return {
    ...pin,
    methods: {
      ...pin.methods,
      clientRequests: merged('clientRequests'),
      clientNotifications: merged('clientNotifications'),
      serverRequests: merged('serverRequests'),
      serverNotifications: merged('serverNotifications'),
    },
    schema: {
      definitions: {
        ...Object.assign({}, ...others.map(({ schema }) => schema.definitions)),
        ...pin.schema.definitions,
        ThreadItem,
      },
    },
  };
}
