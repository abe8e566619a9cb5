import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A number in what is published: where it is, and what it is called. */
export interface FoundLimit {
  /** `CallOptions.timeoutMs`, `sdk/exec/output-reader.ts pipeGraceMs`. */
  name: string;
  /** Of a constant. */
  value?: number;
}

const published = ['sdk', 'testing', 'native'];
const generated = /^sdk[\\/]protocol[\\/]/;
/** Also what only tests and the harness look with. */
const notPublished = /\.test\.ts$|\/(?:test-fixtures|bridges|held)\//;

/** Every source of what is published, but what is made from the contract. */
export function publishedSources(root: string): ts.SourceFile[] {
  return published.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name).replaceAll('\\', '/'))
      .filter((name) => /\.(?:ts|mjs)$/.test(name) && !name.endsWith('.d.mts'))
      .filter((name) => !generated.test(name) && !notPublished.test(name) && !name.startsWith('native/codex/'))
      .sort()
      .map((name) => ts.createSourceFile(name, readFileSync(join(root, name), 'utf8'), ts.ScriptTarget.Latest, true)),
  );
}

/** Every numeric property of a named type: `CallOptions.timeoutMs`. */
export function numericProperties(sources: readonly ts.SourceFile[]): FoundLimit[] {
  const found: FoundLimit[] = [];
  const visit = (node: ts.Node, owner: string): void => {
    if (ts.isPropertySignature(node) && node.type && saysNumber(node.type))
      found.push({ name: `${owner}.${node.name.getText()}` });
    ts.forEachChild(node, (child) => visit(child, owner));
  };
  for (const source of sources)
    for (const statement of source.statements)
      if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
        visit(statement, statement.name.text);
  return unique(found);
}

const saysNumber = (type: ts.TypeNode): boolean =>
  type.kind === ts.SyntaxKind.NumberKeyword || (ts.isUnionTypeNode(type) && type.types.some(saysNumber));

/** Calls that cut something, or keep so much of it. */
const cutting = new Set(['slice', 'subarray', 'shortened', 'beginningOf', 'endOf', 'codePoints', 'keepNewest']);
const comparing = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

/**
 * Every number that may be a limit: constants of a file and of its objects and classes, defaults of options and
 * parameters, and numbers that something is cut at or compared with. 0, 1 and 2 are none.
 */
export function limitConstants(sources: readonly ts.SourceFile[]): FoundLimit[] {
  const found: FoundLimit[] = [];
  for (const source of sources) {
    const note = (name: string, node: ts.Node | undefined): void => {
      const value = node && numberIn(node);
      if (value !== undefined && Math.abs(value) > 2) found.push({ name: `${source.fileName} ${name}`, value });
    };
    const noteAll = (name: string, node: ts.Node | undefined): void => {
      if (node && (ts.isAsExpression(node) || ts.isSatisfiesExpression(node))) noteAll(name, node.expression);
      else if (node && ts.isObjectLiteralExpression(node))
        for (const one of node.properties)
          if (ts.isPropertyAssignment(one)) noteAll(`${name}.${one.name.getText()}`, one.initializer);
      if (node) note(name, node);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
        noteAll(node.name.text, node.initializer);
      } else if (ts.isPropertyDeclaration(node)) note(node.name.getText(), node.initializer);
      else if (ts.isBindingElement(node) || ts.isParameter(node)) note(node.name.getText(), node.initializer);
      else if (ts.isCallExpression(node)) {
        const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
        if (cutting.has(name.getText())) for (const argument of node.arguments) note(`${name.getText()}()`, argument);
      } else if (ts.isBinaryExpression(node) && comparing.has(node.operatorToken.kind)) {
        note(node.getText().replaceAll(/\s+/g, ' '), node.right);
        note(node.getText().replaceAll(/\s+/g, ' '), node.left);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/** The value of an expression of numbers alone. */
function numberIn(node: ts.Node): number | undefined {
  if (ts.isNumericLiteral(node)) return Number(node.text.replaceAll('_', ''));
  if (ts.isParenthesizedExpression(node)) return numberIn(node.expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = numberIn(node.operand);
    return value === undefined ? undefined : -value;
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const [left, right] = [numberIn(node.left), numberIn(node.right)];
  if (left === undefined || right === undefined) return undefined;
  return operations[node.operatorToken.getText()]?.(left, right);
}

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '**': (left, right) => left ** right,
  '<<': (left, right) => left << right,
};

const unique = (found: readonly FoundLimit[]): FoundLimit[] => [
  ...new Map(found.map((one) => [one.name, one])).values(),
];
