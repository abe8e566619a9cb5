import { expect, test } from 'vitest';
import type { Surface, SurfaceSymbol } from '../proofs/surface/types.ts';
import { diffSurfaces, typesIn } from './surface-diff.ts';
import type { Change } from './types.ts';

const option = (name: string, value: string | null = null) => ({
  ...{ name, kind: 'option' as const, required: false },
  default: value,
});
const given = (name: string, type?: string) => ({
  ...{ name, kind: 'positional' as const, required: true },
  ...(type !== undefined && { type }),
});

/** As the official SDK's, with a name of each kind. */
const surface = (): Surface => ({
  version: '0.163.0',
  symbols: [
    {
      module: 'root',
      name: 'Codex',
      kind: 'class',
      context: true,
      construct: [{ name: 'config', kind: 'positional', required: false, default: null }],
      fields: [{ name: 'metadata', required: true }],
      methods: [
        {
          name: 'thread_start',
          parameters: [option('cwd'), option('sandbox'), option('approval_mode', 'auto_review')],
        },
        {
          name: 'thread_fork',
          parameters: [given('thread_id', 'str'), option('cwd'), option('ephemeral')],
          returns: 'Thread',
        },
        { name: 'close', parameters: [] },
      ],
    },
    { module: 'root', name: 'CodexConfig', kind: 'class', construct: [option('client_version', '0.163.0')] },
    { module: 'root', name: 'Sandbox', kind: 'enum', members: { read_only: 'read-only', full_access: 'full-access' } },
    { module: 'root', name: 'CodexError', kind: 'exception', base: 'Exception', construct: null },
    { module: 'root', name: 'ServerBusyError', kind: 'exception', base: 'CodexError', construct: [given('message')] },
    {
      module: 'root',
      name: 'run',
      kind: 'function',
      parameters: [given('input', 'Input | str'), option('model')],
      returns: 'TurnResult',
    },
    {
      module: 'types',
      name: 'Turn',
      kind: 'record',
      fields: [
        { name: 'id', required: true, type: 'str' },
        { name: 'durationMs', required: false, type: 'int | None' },
      ],
    },
    {
      module: 'types',
      name: 'ThreadItem',
      kind: 'union',
      members: {},
      variants: [
        { tag: 'plan', fields: [{ name: 'text', required: true }] },
        { tag: 'agentMessage', fields: [{ name: 'text', required: true }] },
      ],
    },
  ],
});

const symbol = ({ symbols }: Surface, name: string) =>
  symbols.find((one) => one.name === name) as Required<SurfaceSymbol>;
const method = (of: Surface, name: string) =>
  symbol(of, 'Codex').methods.find((one) => one.name === name) as Required<SurfaceSymbol>['methods'][number];

type Expected = [what: Change['what'], place: string, of: Change['class']];

test.each<[string, (of: Surface) => void, ...Expected[]]>([
  [
    'a method that is gone',
    (of) => void symbol(of, 'Codex').methods.pop(),
    ['name-removed', 'Codex.close()', 'breaking'],
  ],
  [
    'a new method, told once with its parameters',
    (of) => void symbol(of, 'Codex').methods.push({ name: 'thread_pin', parameters: [given('thread_id')] }),
    ['name-added', 'Codex.thread_pin()', 'additive'],
  ],
  [
    'a renamed method',
    (of) => void Object.assign(method(of, 'thread_fork'), { name: 'fork_thread_now' }),
    ['renamed', 'Codex.thread_fork()', 'breaking'],
  ],
  [
    'a class that is gone, told once with its parts',
    (of) => void of.symbols.shift(),
    ['name-removed', 'Codex', 'breaking'],
  ],
  [
    'a renamed class',
    (of) => void Object.assign(symbol(of, 'ServerBusyError'), { name: 'ServerIsBusyError' }),
    ['renamed', 'ServerBusyError', 'breaking'],
  ],
  [
    'a new optional parameter',
    (of) => void method(of, 'thread_start').parameters.push(option('model')),
    ['parameter-added', 'Codex.thread_start(model)', 'additive'],
  ],
  [
    'a new required parameter',
    (of) => void method(of, 'thread_start').parameters.unshift(given('name')),
    ['parameter-added', 'Codex.thread_start(name)', 'breaking'],
  ],
  [
    'a parameter that is gone',
    (of) => void method(of, 'thread_start').parameters.splice(1, 1),
    ['parameter-removed', 'Codex.thread_start(sandbox)', 'breaking'],
  ],
  [
    'a renamed parameter',
    (of) => void Object.assign(method(of, 'thread_start').parameters[2] ?? {}, { name: 'approvalMode' }),
    ['renamed', 'Codex.thread_start(approval_mode)', 'breaking'],
  ],
  [
    'another default',
    (of) => void Object.assign(method(of, 'thread_start').parameters[2] ?? {}, { default: 'deny_all' }),
    ['default-changed', 'Codex.thread_start(approval_mode)', 'behaviour'],
  ],
  [
    'a positional parameter that is keyword only',
    (of) => void Object.assign(method(of, 'thread_fork').parameters[0] ?? {}, { kind: 'option' }),
    ['parameter-moved', 'Codex.thread_fork(thread_id)', 'breaking'],
  ],
  [
    'an option that must be given',
    (of) => {
      const parameter = symbol(of, 'run').parameters[1];
      if (parameter !== undefined) Object.assign(parameter, { required: true });
    },
    ['required-added', 'run(model)', 'breaking'],
  ],
  [
    'a value of an enum that is gone',
    (of) => void delete symbol(of, 'Sandbox').members.full_access,
    ['enum-value-removed', 'Sandbox.full_access', 'breaking'],
  ],
  [
    'a new value of an enum',
    (of) => void Object.assign(symbol(of, 'Sandbox').members, { container: 'container' }),
    ['enum-value-added', 'Sandbox.container', 'behaviour'],
  ],
  [
    'another text of an enum value',
    (of) => void Object.assign(symbol(of, 'Sandbox').members, { full_access: 'danger' }),
    ['type-changed', 'Sandbox.full_access', 'breaking'],
  ],
  [
    'an exception with another base',
    (of) => void Object.assign(symbol(of, 'ServerBusyError'), { base: 'RuntimeError' }),
    ['base-changed', 'ServerBusyError extends', 'breaking'],
  ],
  [
    'a class in place of an enum',
    (of) => void Object.assign(symbol(of, 'CodexConfig'), { kind: 'record' }),
    ['kind-changed', 'CodexConfig', 'breaking'],
  ],
  [
    'a client that is no block any more',
    (of) => void Object.assign(symbol(of, 'Codex'), { context: false }),
    ['name-removed', 'Codex[block]', 'breaking'],
  ],
  [
    'a new field',
    (of) => void symbol(of, 'Turn').fields.push({ name: 'rootTurnId', required: false }),
    ['field-added', 'types.Turn.rootTurnId', 'additive'],
  ],
  [
    'a field that may be missing',
    (of) => void Object.assign(symbol(of, 'Turn').fields[0] ?? {}, { required: false }),
    ['required-removed', 'types.Turn.id', 'breaking'],
  ],
  [
    'a field that is gone',
    (of) => void symbol(of, 'Turn').fields.pop(),
    ['field-removed', 'types.Turn.durationMs', 'breaking'],
  ],
  [
    'a new variant, told once with its fields',
    (of) => void symbol(of, 'ThreadItem').variants.push({ tag: 'poem', fields: [{ name: 'text', required: true }] }),
    ['variant-added', 'types.ThreadItem{poem}', 'behaviour'],
  ],
  [
    'a variant that is gone',
    (of) => void symbol(of, 'ThreadItem').variants.shift(),
    ['variant-removed', 'types.ThreadItem{plan}', 'breaking'],
  ],
  [
    'a parameter that takes more',
    (of) => void Object.assign(method(of, 'thread_fork').parameters[0] ?? {}, { type: 'str | UUID' }),
    ['type-changed', 'Codex.thread_fork(thread_id)', 'additive'],
  ],
  [
    'a parameter that takes less',
    (of) => void Object.assign(symbol(of, 'run').parameters[0] ?? {}, { type: 'Input' }),
    ['type-changed', 'run(input)', 'breaking'],
  ],
  [
    'a parameter of another type',
    (of) => void Object.assign(method(of, 'thread_fork').parameters[0] ?? {}, { type: 'UUID' }),
    ['type-changed', 'Codex.thread_fork(thread_id)', 'breaking'],
  ],
  [
    'a parameter that may be None',
    (of) => void Object.assign(method(of, 'thread_fork').parameters[0] ?? {}, { type: 'str | None' }),
    ['null-added', 'Codex.thread_fork(thread_id)', 'additive'],
  ],
  [
    'a method that gives something else',
    (of) => void Object.assign(method(of, 'thread_fork'), { returns: 'ForkResult' }),
    ['type-changed', 'Codex.thread_fork()', 'breaking'],
  ],
  [
    'a method that may give nothing',
    (of) => void Object.assign(method(of, 'thread_fork'), { returns: 'Thread | None' }),
    ['null-added', 'Codex.thread_fork()', 'breaking'],
  ],
  [
    'a function that gives something else',
    (of) => void Object.assign(symbol(of, 'run'), { returns: 'str' }),
    ['type-changed', 'run', 'breaking'],
  ],
  [
    'a field that is never None any more',
    (of) => void Object.assign(symbol(of, 'Turn').fields[1] ?? {}, { type: 'int' }),
    ['null-removed', 'types.Turn.durationMs', 'additive'],
  ],
  [
    'a field of another type',
    (of) => void Object.assign(symbol(of, 'Turn').fields[0] ?? {}, { type: 'TurnId' }),
    ['type-changed', 'types.Turn.id', 'breaking'],
  ],
  [
    'the same type, written in another way',
    (of) => void Object.assign(symbol(of, 'Turn').fields[1] ?? {}, { type: 'Optional[int]' }),
  ],
  [
    'another release: its own version is no news',
    (of) => {
      of.version = '0.166.0';
      symbol(of, 'CodexConfig').construct = [option('client_version', '0.166.0')];
    },
  ],
])('%s', (_, make, ...expected) => {
  const fresh = surface();
  make(fresh);
  const changes = diffSurfaces(surface(), fresh);
  expect(changes.map(({ what, place, class: of }) => [what, place, of])).toEqual(expected);
  for (const { blame, source, direction } of changes)
    expect([blame, source, direction]).toEqual(['python', 'surface', 'none']);
  // And back: the same places, with before and after the other way round.
  const back = diffSurfaces(fresh, surface());
  const sides = (list: Change[], turn: boolean) =>
    list
      .map(({ before, after }) => (turn ? [after, before] : [before, after]))
      .map((side) => JSON.stringify(side))
      .sort();
  expect(sides(back, true)).toEqual(sides(changes, false));
});

test('a surface against itself, in whatever order, is no change', () => {
  const turned = surface();
  turned.symbols.reverse();
  for (const { methods, fields, variants } of turned.symbols)
    for (const list of [methods, fields, variants]) list?.reverse();
  expect(diffSurfaces(surface(), turned)).toEqual([]);
});

test.each([
  ['str', ['str']],
  ['Optional[str]', ['None', 'str']],
  ['Union[int, None, Optional[str]]', ['None', 'int', 'str']],
  ["Annotated[str | None, Field(alias='x')]", ['None', 'str']],
  ['dict[str, int | None] | list[str]', ['dict[str, int | None]', 'list[str]']],
  ['Callable[[int | str], None]', ['Callable[[int | str], None]']],
])('the alternatives of %s', (type, expected) => {
  expect(typesIn(type)).toEqual(expected);
});
