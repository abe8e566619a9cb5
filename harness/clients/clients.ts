/** What may stand in a scenario's `family`: SDKs of the app-server, and SDKs of `codex exec`. */
export const families = ['app-server', 'exec'] as const;
export type Family = (typeof families)[number];

/** The real engine, and the fake one. */
export const engineKinds = ['real', 'fake'] as const;
export type EngineKind = (typeof engineKinds)[number];

/**
 * What a client must be able to do for a scenario to apply to it; drivers declare theirs in `hello`.
 * - `sdk`: has threads, turns and handles as objects (every SDK; not `bare`)
 * - `rpc`: can send any method raw (`codex.request`)
 * - `cancel`: can cancel one waiting call (async clients)
 * - `server-requests`: can answer server requests with a given reply
 * - `error-replies`: can answer them with an error of the scenario's choice (no SDK lets a handler do that)
 */
export const capabilities = ['sdk', 'rpc', 'cancel', 'server-requests', 'error-replies'] as const;
export type Capability = (typeof capabilities)[number];

/** What is known of a client beside what its driver does. */
export interface Client {
  family: Family;
  /**
   * `official`: its goldens are parity. `ours`: goldens of ours alone are baselines. `none`: no SDK, where no SDK can go; a baseline too. `guest`: joined this
   * run alone; never gives a golden.
   */
  maker: 'official' | 'ours' | 'none' | 'guest';
  language: 'python' | 'typescript' | 'other';
}

/** A client that the repository knows: a line of the table. */
export interface KnownClient extends Client {
  maker: Exclude<Client['maker'], 'guest'>;
  language: Exclude<Client['language'], 'other'>;
  /** Place among those that give goldens: of those that can play a scenario, the lowest is its reference. */
  reference: number;
  /** Its driver, from the repository's root with `/`; it is given the client's id. */
  driver: string;
  /** What it cannot do, so that scenarios that need it do not apply. */
  cannot: readonly Capability[];
}

/** Every client of the repository, in the order in which results show them. A new one is a line here and a driver. */
const table = {
  python: {
    family: 'app-server',
    maker: 'official',
    language: 'python',
    reference: 1,
    driver: 'python-golden/driver.py',
    cannot: ['rpc', 'cancel', 'error-replies'],
  },
  'python-async': {
    family: 'app-server',
    maker: 'official',
    language: 'python',
    reference: 2,
    driver: 'python-golden/driver.py',
    cannot: ['rpc', 'error-replies'],
  },
  ts: {
    family: 'app-server',
    maker: 'ours',
    language: 'typescript',
    reference: 6,
    driver: 'harness/driver/ts/ts-driver.ts',
    cannot: ['error-replies'],
  },
  bare: {
    family: 'app-server',
    maker: 'none',
    language: 'typescript',
    reference: 5,
    driver: 'harness/driver/bare/bare-driver.ts',
    cannot: ['sdk', 'cancel'],
  },
  'ts-official': {
    family: 'exec',
    maker: 'official',
    language: 'typescript',
    reference: 3,
    driver: 'harness/driver/exec/exec-driver.ts',
    cannot: ['rpc', 'server-requests', 'error-replies'],
  },
  'python-exec': {
    family: 'exec',
    maker: 'official',
    language: 'python',
    reference: 4,
    driver: 'python-golden/driver.py',
    cannot: ['rpc', 'server-requests', 'error-replies'],
  },
  'ts-exec': {
    family: 'exec',
    maker: 'ours',
    language: 'typescript',
    reference: 7,
    driver: 'harness/driver/exec/exec-driver.ts',
    cannot: ['rpc', 'server-requests', 'error-replies'],
  },
} as const satisfies Record<string, KnownClient>;

export type KnownClientId = keyof typeof table;
declare const guest: unique symbol;
/** The name of a client that is in no table, because its driver joined the run (`--driver`). */
export type GuestId = string & { readonly [guest]: true };
export type ClientId = KnownClientId | GuestId;
/** The clients of one family. */
export type ClientOf<F extends Family> = {
  [Id in KnownClientId]: (typeof table)[Id]['family'] extends F ? Id : never;
}[KnownClientId];

export const clientTable: Readonly<Record<KnownClientId, KnownClient>> = table;
export const clientIds = Object.keys(table) as readonly KnownClientId[];

/** Whether a name is a guest's, and not one of the table: small letters, digits and `-`. */
export const isGuest = (name: string): name is GuestId => !Object.hasOwn(table, name) && /^[a-z][a-z0-9-]*$/.test(name);

/** What is known of any client. A guest's name tells its family, so that its results can be read without its driver. */
export const clientFacts = (id: ClientId): Client =>
  isGuest(id)
    ? { family: id.endsWith('-exec') ? 'exec' : 'app-server', maker: 'guest', language: 'other' }
    : clientTable[id as KnownClientId];

/** The clients of the table of which something is so. */
export const clientsWhere = (test: (client: KnownClient) => boolean): ClientId[] =>
  clientIds.filter((id) => test(clientTable[id]));

/** The clients in the order in which they are asked for a golden: the first that can play a scenario is its reference. */
export const referenceOrder: readonly KnownClientId[] = [...clientIds].sort(
  (a, b) => clientTable[a].reference - clientTable[b].reference,
);

/** Our client of a family. */
export const ourClient = (family: Family): KnownClientId =>
  clientsWhere((client) => client.maker === 'ours' && client.family === family)[0] as KnownClientId;

/** What the client's driver declares of it. */
export const capabilitiesOf = (id: KnownClientId): Capability[] =>
  capabilities.filter((one) => !clientTable[id].cannot.includes(one));
