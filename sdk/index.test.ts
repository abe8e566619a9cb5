import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** The names that a menu gives to programs. */
function menu(file: string): string[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return ts
    .createSourceFile(file, text, ts.ScriptTarget.ES2023)
    .statements.flatMap((statement) =>
      ts.isExportDeclaration(statement) &&
      statement.exportClause !== undefined &&
      ts.isNamedExports(statement.exportClause)
        ? statement.exportClause.elements.map(({ name }) => name.text)
        : [],
    );
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
