import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { rules } from '../../harness/judging/rules.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** Where verdicts, refusals and counts are decided. */
const judging = [
  ...['judge', 'judge-cell', 'cell-faults', 'covers', 'label', 'ledger', 'ledger-health', 'ledger-share'].map(
    (name) => `harness/verdict/${name}.ts`,
  ),
  ...['merge-results', 'plan', 'record', 'references', 'shard', 'silent-guest'].map((name) => `harness/run/${name}.ts`),
  'ci/calls/compare-calls.ts',
  'harness/bump/conclude.ts',
  'harness/golden/keep-golden.ts',
  'harness/proofs/sensitivity/cached-figures.ts',
  'harness/scenario/select-clients.ts',
  'harness/summary/make-entry.ts',
  'harness/summary/summary.ts',
  'scripts/test/run-stages.ts',
  'scripts/test/stages.ts',
  'scripts/test/vitest-stage.ts',
];

/** What is no branch of a rule, each with the reason. */
const apart: Readonly<Record<string, string>> = {
  'harness/verdict/ledger.ts: report': 'the lists of consequences are asked one by one, above',
  'harness/verdict/cell-faults.ts: say  say(`contract': 'each finding of the contract is a fault',
  'harness/run/references.ts: throw new CouldNotRunError  throw new CouldNotRunError(why':
    'what failed is told with its client',
  'harness/run/references.ts: throw cause': 'the error of a cell that could not run goes on as it is',
  'scripts/test/run-stages.ts: throw one.reason': 'an interruption goes on as it is',
};

const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);

/** A refusal, a fault or a problem, and the name that it is known by in `apart`. */
function saysNo(node: ts.Node): string | undefined {
  if (ts.isThrowStatement(node)) return `throw ${node.expression.getText().split('(')[0]}`;
  if (!ts.isCallExpression(node)) return undefined;
  const called = node.expression.getText();
  return /^(?:refuse|say|report|problems\.push|reasons\.push)$/.test(called) ? called : undefined;
}

/** Whether it stands behind a branch that a rule decides, in the same function or around it. */
function isAsked(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isCatchClause(parent)) return true;
    const branch =
      ts.isIfStatement(parent) && at !== parent.expression
        ? parent.expression
        : ts.isConditionalExpression(parent) && at !== parent.condition
          ? parent.condition
          : undefined;
    if (branch?.getText().includes('holds(')) return true;
    // `refuse` and the like are how a branch says no.
    if (ts.isVariableDeclaration(parent) && /^(?:refuse|say)$/.test(parent.name.getText())) return true;
  }
  return false;
}

function* within(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* within(child);
}

test.each(judging)('%s: what refuses, or finds a fault or a problem, stands behind a rule', (file) => {
  const unasked = [...within(parse(file))].flatMap((node) => {
    const name = saysNo(node);
    if (name === undefined || isAsked(node)) return [];
    return [`${file}: ${name}  ${node.getText().slice(0, 80)}`];
  });
  expect(unasked.filter((one) => !Object.keys(apart).some((known) => one.startsWith(known)))).toEqual([]);
});

const sources = ['harness', 'scripts', 'ci'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.split(path.sep).join('/')}`)
    .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$|test-fixtures\/|node_modules/.test(name)),
);
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

test('the exit code of a command of the harness, of npm test and of what CI runs is decided by a rule', () => {
  const commands = sources.filter((file) => /^(?:harness\/commands|scripts\/test|ci)\//.test(file));
  expect(commands.length).toBeGreaterThan(45);
  expect(commands.filter((file) => /return (?!exitCodes\.)[^;]*\? ?\d+ ?: ?\(?(?:\d|code)/.test(text(file)))).toEqual(
    [],
  );
});

test('what a command found decides how it ends, and nothing that is written down', () => {
  const calls = sources.flatMap((file) =>
    [...text(file).matchAll(/exitCodes\.\w+\(([^;]*)\)/g)].map(([call, found = '']) => ({ file, call, found })),
  );
  expect(calls.length).toBeGreaterThan(11);
  expect(calls.filter(({ found }) => /: (?:\d+|true|false)\b/.test(found.replace(/\? \d : \d/g, '')))).toEqual([]);
});

test('the code asks each rule of the list', () => {
  const code = sources.filter((file) => file !== 'harness/judging/rules.ts').map(text);
  const unused = Object.keys(rules).filter((rule) => !code.some((one) => one.includes(`'${rule}'`)));
  expect(unused).toEqual([]);
});

/** The functions that ask a rule: a name, and the file that has it. */
function* asking(file: string): Generator<[name: string, file: string]> {
  const tree = parse(file);
  for (const statement of tree.statements) {
    if (!statement.getText().includes('holds(')) continue;
    if (ts.isFunctionDeclaration(statement) && statement.name) yield [statement.name.text, file];
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) yield [name.getText(), file];
  }
}

test('what asks a rule is asked itself: a refusal that nobody calls refuses nothing', () => {
  const askers = sources.filter((file) => text(file).includes("holds('")).flatMap((file) => [...asking(file)]);
  expect(askers.length).toBeGreaterThan(60);
  const calls = sources.map((file) => [file, text(file).replace(/^import [^;]*;$/gm, '')] as const);
  const uncalled = askers.filter(([name, own]) => {
    const uses = calls.reduce((sum, [, code]) => sum + (code.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0), 0);
    // Its own declaration is one; a command is what the program begins with.
    return uses < 2 && !own.endsWith('exit-codes.ts');
  });
  expect(uncalled).toEqual([]);
});
