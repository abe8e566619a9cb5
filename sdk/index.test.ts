import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { Codex } from './client/codex.ts';
import { GoalHandle } from './client/goal-handle.ts';
import { ChatgptLoginHandle } from './client/login.ts';
import { Thread } from './client/thread.ts';
import { TurnHandle } from './client/turn-handle.ts';

const parsed = new Map<string, readonly ts.Statement[]>();

function statements(file: URL): readonly ts.Statement[] {
  const found =
    parsed.get(file.href) ??
    ts.createSourceFile(file.pathname, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true).statements;
  parsed.set(file.href, found);
  return found;
}

/** The names that a menu gives to programs, each with the file behind it. */
function entries(file: URL): { name: string; own: string; from: URL }[] {
  return statements(file).flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause))
      return [];
    const from = new URL((statement.moduleSpecifier as ts.StringLiteral).text, file);
    return statement.exportClause.elements.map(({ name, propertyName }) => {
      return { name: name.text, own: (propertyName ?? name).text, from };
    });
  });
}

const menu = (file: string) => entries(new URL(file, import.meta.url)).map(({ name }) => name);

/** Whether what a file exports under this name has a comment of its own. */
function isDocumented(file: URL, name: string): boolean {
  const again = entries(file).find((entry) => entry.name === name);
  if (again) return isDocumented(again.from, again.own);
  return statements(file).some((statement) => {
    const named = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    const isIt = named.some((one) => 'name' in one && (one as ts.NamedDeclaration).name?.getText() === name);
    return isIt && ts.getJSDocCommentsAndTags(statement).length > 0;
  });
}

/** The members of an interface, in their order. */
function members(file: string, name: string): string[] {
  const found = statements(new URL(file, import.meta.url)).find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  ) as ts.InterfaceDeclaration | undefined;
  return found?.members.map((member) => member.name?.getText() ?? '') ?? [];
}

// Python's `openai_codex.__all__` without the names of its second, asynchronous client.
const python = [
  ...['version', 'CodexConfig', 'Codex', 'ApprovalMode', 'Sandbox', 'ChatgptLoginHandle', 'DeviceCodeLoginHandle'],
  ...['Thread', 'TurnHandle', 'TurnResult', 'Input', 'InputItem', 'RunInput', 'ExternalMessage', 'TextInput'],
  ...['ImageInput', 'LocalImageInput', 'SkillInput', 'MentionInput', 'retryOnOverload', 'isRetryableError'],
  ...['CodexError', 'TransportClosedError', 'JsonRpcError', 'CodexRpcError', 'ParseError', 'InvalidRequestError'],
  ...['MethodNotFoundError', 'InvalidParamsError', 'InternalRpcError', 'ServerBusyError', 'RetryLimitExceededError'],
];

test("the menu has every name of Python's root, each once; what works below the client is not on it", () => {
  const names = menu('./index.ts');
  expect(names).toEqual(expect.arrayContaining(python));
  expect(new Set(names).size).toBe(names.length);
  const below = ['EngineClient', 'Session', 'LazySession', 'Connection', 'TurnRouter', 'ThreadStartParams'];
  expect(names.filter((name) => below.includes(name) || /(Params|Response)$/.test(name))).toEqual([]);
});

test('protocol types have a menu of their own', () => {
  const root = menu('./index.ts');
  expect(menu('./types.ts').filter((name) => root.includes(name))).toEqual(['Notification']);
});

test('every name of the menu is documented', () => {
  const named = entries(new URL('./index.ts', import.meta.url)).filter(
    ({ from }) => !from.pathname.includes('/protocol/'),
  );
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter(({ own, from }) => !isDocumented(from, own)).map(({ name }) => name)).toEqual([]);
});

test("the client and its handles have every method of Python's, of both of its clients once", () => {
  const owned = (type: { prototype: object }): string[] => {
    const names: string[] = [];
    for (let own = type.prototype; own !== Object.prototype; own = Object.getPrototypeOf(own)) {
      names.push(...Object.getOwnPropertyNames(own));
    }
    return names;
  };
  const login = ['loginApiKey', 'loginChatgpt', 'loginChatgptDeviceCode', 'account', 'logout'];
  const threads = ['threadStart', 'threadList', 'threadResume', 'threadFork', 'threadArchive', 'threadUnarchive'];
  expect(owned(Codex)).toEqual(expect.arrayContaining([...login, ...threads, 'models', 'metadata', 'close']));
  expect(owned(Thread)).toEqual(expect.arrayContaining(['run', 'turn', 'read', 'setName', 'compact']));
  expect(owned(TurnHandle)).toEqual(expect.arrayContaining(['steer', 'interrupt', 'stream', 'run']));
  // A goal's events are made as they are read, so it has no result without a reader; its turns have the states.
  const ofOneTurn = ['result', 'state', 'states'];
  expect(owned(GoalHandle)).toEqual(
    expect.arrayContaining(owned(TurnHandle).filter((name) => !ofOneTurn.includes(name))),
  );
  expect(owned(ChatgptLoginHandle)).toEqual(expect.arrayContaining(['wait', 'cancel']));
});

test("the configuration, the filters of the list and the result have the fields of Python's", () => {
  const launch = ['codexBin', 'launchArgsOverride', 'configOverrides', 'cwd', 'env'];
  const identity = ['clientName', 'clientTitle', 'clientVersion', 'experimentalApi'];
  expect(members('./client/config.ts', 'CodexConfig')).toEqual(expect.arrayContaining([...launch, ...identity]));
  expect(members('./client/thread-options.ts', 'ThreadListOptions')).toEqual([
    ...['archived', 'cursor', 'cwd', 'limit', 'modelProviders', 'searchTerm', 'sectionId'],
    ...['sortDirection', 'sortKey', 'sourceKinds', 'useStateDbOnly'],
  ]);
  expect(members('./client/turn-result.ts', 'TurnResult')).toEqual([
    ...['id', 'status', 'error', 'startedAt', 'completedAt', 'durationMs', 'finalResponse', 'items', 'usage'],
    // Ours alone.
    ...['turnUsage', 'output', 'denials'],
  ]);
});
