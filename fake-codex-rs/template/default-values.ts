import type { JsonValue } from '../exact-json.ts';

/** Where a value is: its default depends on it. */
export interface Place {
  /** The named type whose property it is. */
  owner?: string | undefined;
  key?: string | undefined;
  /** The name of its own type. */
  type?: string | undefined;
}

/** What templates are filled with where the contract says nothing but the type. */
export interface Facts {
  threadId: string;
  turnId: string;
  itemId: string;
  /** The message's method: a turn is in progress until `turn/completed`. */
  method: string;
  workspace: string;
  codexHome: string;
  engineVersion: string;
  clientName: string;
  clientVersion: string;
  /** Milliseconds since 1970. */
  moment: number;
}

/** By property, or by `Type.property`; for types, by `Type`. */
const table: Record<string, (facts: Facts) => JsonValue> = {
  threadId: ({ threadId }) => threadId,
  conversationId: ({ threadId }) => threadId,
  'Thread.id': ({ threadId }) => threadId,
  'Thread.sessionId': ({ threadId }) => threadId,
  turnId: ({ turnId }) => turnId,
  'Turn.id': ({ turnId }) => turnId,
  itemId: ({ itemId }) => itemId,
  callId: ({ itemId }) => itemId,
  'ThreadItem.id': ({ itemId }) => itemId,
  ThreadItem: () => ({ type: 'agentMessage' }),
  ThreadStatus: () => ({ type: 'idle' }),
  TurnStatus: ({ method }) => (method === 'turn/completed' ? 'completed' : 'inProgress'),
  SandboxPolicy: () => ({ type: 'readOnly', networkAccess: false }),
  AskForApproval: () => 'on-request',
  ApprovalsReviewer: () => 'user',
  SessionSource: () => 'vscode',
  AbsolutePathBuf: ({ workspace }) => workspace,
  LegacyAppPathString: ({ workspace }) => workspace,
  cwd: ({ workspace }) => workspace,
  codexHome: ({ codexHome }) => codexHome,
  cliVersion: ({ engineVersion }) => engineVersion,
  model: () => 'fake-model',
  modelProvider: () => 'fake',
  platformFamily: () => 'unix',
  platformOs: () => 'linux',
  userAgent: ({ clientName, clientVersion, engineVersion }) =>
    `${clientName}/${engineVersion} (Fake OS 1.0; fake) dumb (${clientName}; ${clientVersion})`,
  loginId: () => 'login-1',
  authUrl: () => 'http://localhost/login',
  verificationUrl: () => 'http://localhost/device',
  userCode: () => 'FAKE-CODE',
};

/** A plausible value for a place; undefined if the smallest value of the type will do. */
export function defaultValue({ owner, key, type }: Place, facts: Facts): JsonValue | undefined {
  for (const name of [`${owner}.${key}`, key ?? '', type ?? '']) {
    const value = Object.hasOwn(table, name) ? table[name] : undefined;
    if (value !== undefined) return value(facts);
  }
  if (key === undefined) return undefined;
  if (/AtMs$/.test(key)) return facts.moment;
  return /At$/.test(key) ? Math.floor(facts.moment / 1000) : undefined;
}
