import ts from 'typescript';
import { expect, test } from 'vitest';
import { tagOf } from '../../harness/contract/tagged-union.ts';
import type { Contract, JsonSchema, RequestEntry, SchemaObject } from '../../harness/contract/types.ts';
import { loadWindow } from '../../harness/contract/window.ts';
import { readEngineLock } from '../../native/index.ts';
import { declareTypes } from './declare-types.ts';
import { mergeWindow } from './merge-window.ts';
import type { Span } from './merged-contract.ts';
import { protocolFiles, typesPreamble } from './protocol-files.ts';

const text: SchemaObject = { type: 'string' };
const none = { clientNotifications: {}, serverRequests: {}, serverNotifications: {}, experimentalTypes: [] };

function contract(
  version: string,
  definitions: Record<string, SchemaObject>,
  clientRequests: Record<string, Partial<RequestEntry>> = {},
): Contract {
  const methods = { ...none, clientRequests, experimentalFields: {} };
  return { version, methods, schema: { definitions } } as unknown as Contract;
}

/** The declarations of one type that three engines have in these forms; undefined where an engine lacks it. */
function declared(...forms: (SchemaObject | undefined)[]): string {
  const contracts = forms.map((form, at) => contract(`${at + 1}.0.0`, form === undefined ? {} : { T: form }));
  return declareTypes(mergeWindow(contracts, '1.0.0')).join('\n');
}

const object = (
  properties: Record<string, JsonSchema>,
  required: string[] = Object.keys(properties),
): SchemaObject => ({
  type: 'object',
  properties,
  required,
});
const tagged = (type: string, more: Record<string, JsonSchema> = {}): SchemaObject =>
  object({ type: { type: 'string', enum: [type] }, ...more });
const en = (...values: string[]): SchemaObject => ({ type: 'string', enum: values });

test.each<[string, (SchemaObject | undefined)[], string]>([
  [
    'a type of all engines has no tag',
    [object({ a: text }), object({ a: text })],
    'export interface T {\n  a: string;\n}',
  ],
  ['a new type', [undefined, object({ a: text })], '/** @since 2.0.0 */\nexport interface T {\n  a: string;\n}'],
  ['a removed type', [text, undefined], '/** @until 1.0.0 */\nexport type T = string;'],
  [
    'a type of one engine between others',
    [undefined, text, undefined],
    '/**\n * @since 2.0.0\n * @until 2.0.0\n */\nexport type T = string;',
  ],
  ['a type with a gap', [text, undefined, text], '/** @remarks not in 2.0.0 */\nexport type T = string;'],
  [
    'a new field and a removed one are optional',
    [object({ old: text }), object({ fresh: text })],
    'export interface T {\n  /** @since 2.0.0 */\n  fresh?: string;\n  /** @until 1.0.0 */\n  old?: string;\n}',
  ],
  [
    'a field that one engine alone requires is optional',
    [object({ a: text }), object({ a: text }, [])],
    'export interface T {\n  a?: string;\n}',
  ],
  [
    'a value of an enum',
    [en('a', 'gone'), en('a', 'fresh')],
    "/**\n * @until 1.0.0 for 'gone'\n * @since 2.0.0 for 'fresh'\n */\nexport type T = 'a' | 'gone' | 'fresh' | (string & {});",
  ],
  [
    'an enum that is put together of two',
    [en('a', 'b'), { oneOf: [en('a', 'b'), en('c')] }],
    "/** @since 2.0.0 for 'c' */\nexport type T = 'a' | 'b' | 'c' | (string & {});",
  ],
  [
    'a variant, and a field of another',
    [{ oneOf: [tagged('a')] }, { oneOf: [tagged('b'), tagged('a', { x: text })] }],
    "export interface AT {\n  type: 'a';\n  /** @since 2.0.0 */\n  x?: string;\n}\n/** @since 2.0.0 */\nexport interface BT {\n  type: 'b';\n}\n" +
      '/** @since 2.0.0 for BT */\nexport type T = AT | BT;',
  ],
  [
    'fields beside a union',
    [
      { oneOf: [tagged('a'), tagged('b')] },
      { type: 'object', properties: { at: text }, oneOf: [tagged('a'), tagged('b')] },
    ],
    "export interface AT {\n  /** @since 2.0.0 */\n  at?: string;\n  type: 'a';\n}\nexport interface BT {\n  /** @since 2.0.0 */\n  at?: string;\n  type: 'b';\n}\n" +
      'export type T = AT | BT;',
  ],
  [
    'a field that became a choice',
    [
      { oneOf: [tagged('a', { url: text }), tagged('b')] },
      { oneOf: [{ ...tagged('a'), anyOf: [object({ url: text }), object({ file: text })] }, tagged('b')] },
    ],
    "/** @since 2.0.0 for { file } */\nexport type AT = {\n  type: 'a';\n} & ({ url: string } | { file: string });\nexport interface BT {\n  type: 'b';\n}\nexport type T = AT | BT;",
  ],
  [
    'an object that became a union',
    [object({ action: text, more: text }, ['action']), { oneOf: [tagged('a')] }],
    "/** @since 2.0.0 */\nexport interface AT {\n  type: 'a';\n}\n/**\n * @until 1.0.0 for { action }\n * @since 2.0.0 for AT\n */\n" +
      'export type T = { action: string; more?: string } | AT;',
  ],
  [
    'an object of one key that gets another is no union',
    [object({ proof: text }), object({ proof: text, kind: text }, ['proof'])],
    'export interface T {\n  /** @since 2.0.0 */\n  kind?: string;\n  proof: string;\n}',
  ],
  [
    'a field of another type, and one that may be null now',
    [
      object({ a: { $ref: '#/definitions/A' }, b: text }),
      object({ a: { $ref: '#/definitions/B' }, b: { type: ['string', 'null'] } }),
    ],
    'export interface T {\n  /**\n   * @until 1.0.0 for A\n   * @since 2.0.0 for B\n   */\n  a: A | B;\n  /** @since 2.0.0 for null */\n  b: string | null;\n}',
  ],
  [
    'a catch-all stays one',
    [
      { anyOf: [en('a', 'b'), { type: ['string', 'object'] }] },
      { anyOf: [en('a', 'b', 'c'), { type: ['string', 'object'] }] },
    ],
    "/** @since 2.0.0 for 'c' */\nexport type T = 'a' | 'b' | 'c' | (string & {});",
  ],
])('%s', (_, forms, declaration) => expect(declared(...forms)).toBe(declaration));

test('methods: who has them, the params of one engine alone, experimental where one engine says so', () => {
  const merged = mergeWindow(
    [
      contract('1.0.0', {}, { a: { params: null, result: 'R', stability: 'stable' } }),
      contract(
        '2.0.0',
        {},
        {
          a: { params: 'P', paramsRequired: true, result: 'R', stability: 'experimental' },
          b: { params: 'P', paramsRequired: true, result: 'R', stability: 'stable' },
        },
      ),
    ],
    '2.0.0',
  );
  expect(merged).toMatchObject({ version: '2.0.0', window: ['1.0.0', '2.0.0'] });
  expect(merged.methods.clientRequests).toEqual({
    a: { params: 'P', paramsRequired: false, result: 'R', stability: 'experimental' },
    b: { params: 'P', paramsRequired: true, result: 'R', stability: 'stable', span: { since: '2.0.0' } },
  });
  const table = protocolFiles(merged)['method-table.ts'];
  expect(table).toContain("  'a': { params: 'optional', stability: 'experimental' },");
  expect(table).toContain("  'b': { params: 'required', stability: 'stable', since: '2.0.0' },");
});

test('a method with two types of params, and a window without the pin, are refused', () => {
  const of = (version: string, params: string) =>
    contract(version, {}, { a: { params, result: 'R', stability: 'stable' } });
  expect(() => mergeWindow([of('1.0.0', 'P'), of('2.0.0', 'Q')], '1.0.0')).toThrow(
    'expected one type in all engines of the window, got P, Q',
  );
  expect(() => mergeWindow([of('1.0.0', 'P')], '3.0.0')).toThrow("expected the pin's, 3.0.0, got 1.0.0");
});

test('the committed types hold what each engine of the window says, and say who has it', async () => {
  const contracts = await loadWindow();
  const merged = mergeWindow(contracts, readEngineLock().pin);
  for (const [at, { methods, schema }] of contracts.entries()) {
    const has = (span: Span | undefined) =>
      (span?.since === undefined || merged.window.indexOf(span.since) <= at) &&
      (span?.until === undefined || merged.window.indexOf(span.until) >= at);
    for (const kind of ['clientRequests', 'serverRequests', 'serverNotifications'] as const) {
      const listed = Object.entries(merged.methods[kind] as Record<string, { span?: Span }>);
      expect(listed.filter(([, { span }]) => has(span)).map(([method]) => method)).toEqual(Object.keys(methods[kind]));
    }
    for (const [name, definition] of Object.entries(schema.definitions)) {
      const tags = (of: SchemaObject | undefined) =>
        (of?.oneOf ?? []).map((variant) => tagOf(variant)?.value).filter((tag) => tag !== undefined);
      expect(tags(merged.schema.definitions[name])).toEqual(expect.arrayContaining(tags(definition)));
    }
  }
});

test('a value of any engine of the window is one of the committed types', async () => {
  const contracts = await loadWindow();
  const source = (declarations: string[]): string => [typesPreamble, ...declarations].join('\n');
  const files = new Map<string, string>([
    ['/merged.ts', source(declareTypes(mergeWindow(contracts, readEngineLock().pin)))],
  ]);
  for (const own of contracts) {
    files.set(`/${own.version}.ts`, source(declareTypes(own)));
    const names = Object.keys(own.schema.definitions);
    const lines = names.map((name) => `export const ${name} = (value: Own.${name}): Merged.${name} => value;`);
    files.set(
      `/check-${own.version}.ts`,
      [
        `import type * as Own from './${own.version}.ts';`,
        "import type * as Merged from './merged.ts';",
        ...lines,
      ].join('\n'),
    );
  }
  expect(typeErrors(files)).toEqual([]);
}, 60_000);

/** What the compiler says of these files. */
function typeErrors(files: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    noLib: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
  };
  const globals = [
    'Array<T> { length: number; [n: number]: T }',
    'Boolean',
    'Function',
    'CallableFunction',
    'NewableFunction',
    'IArguments',
    'Number',
    'Object',
    'RegExp',
    'String',
  ];
  const all = new Map([
    ...files,
    ['/lib.d.ts', globals.map((name) => `interface ${name.includes('{') ? name : `${name} {}`}`).join('\n')],
  ]);
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...all.keys()], options, {
    ...host,
    fileExists: (name) => all.has(name),
    readFile: (name) => all.get(name),
    getCurrentDirectory: () => '/',
    getSourceFile: (name, version) => {
      const content = all.get(name);
      return content === undefined ? undefined : ts.createSourceFile(name, content, version, true);
    },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line =
      file === undefined ? '' : `${file.fileName}: ${file.text.slice(start, (start ?? 0) + 60).split('\n')[0]}: `;
    return line + ts.flattenDiagnosticMessageText(messageText, '\n');
  });
}
