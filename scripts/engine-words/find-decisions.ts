import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { tagOf } from '../../harness/contract/tagged-union.ts';
import type { Contract, JsonSchema } from '../../harness/contract/types.ts';

/** A word of the engine on which code decides: `sdk/client/turn-result.ts: agentMessage`. */
export type Decision = `${string}: ${string}`;

/** Every word that an engine may say in place of another: methods, values of enums, tags of variants. */
export function wordsOf({ methods, schema }: Contract): Set<string> {
  const { clientRequests, clientNotifications, serverRequests, serverNotifications } = methods;
  const words = new Set(
    [clientRequests, clientNotifications, serverRequests, serverNotifications].flatMap(Object.keys),
  );
  const read = (part: JsonSchema): void => {
    if (typeof part === 'boolean') return;
    for (const value of part.enum ?? []) if (typeof value === 'string') words.add(value);
    const tag = tagOf(part);
    if (tag !== undefined) words.add(tag.value);
    const { properties = {}, oneOf = [], anyOf = [], allOf = [], items = true, additionalProperties = true } = part;
    for (const inner of [...Object.values(properties), ...oneOf, ...anyOf, ...allOf, items, additionalProperties])
      read(inner);
  };
  Object.values(schema.definitions).forEach(read);
  return words;
}

/** The words of `codex exec --json`, from the types of its events and items: it has no schema. */
export function wordsOfExec(root: string): Set<string> {
  const words = new Set<string>();
  for (const name of ['events.ts', 'items.ts']) {
    const read = (node: ts.Node): void => {
      if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) words.add(node.literal.text);
      ts.forEachChild(node, read);
    };
    read(parse(join(root, 'sdk/exec', name)));
  }
  return words;
}

/**
 * Where the code of these folders decides by one of the words: compares with it, has a case for it, looks for it, or
 * holds it in a list or table of a module.
 */
export function findDecisions(root: string, folders: readonly string[], words: ReadonlySet<string>): Decision[] {
  const found = new Set<Decision>();
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      const file = `${folder}/${name.replaceAll('\\', '/')}`;
      if (!/\.(ts|mjs)$/.test(file) || /\.test\.ts$|test-fixtures\/|^sdk\/protocol\//.test(file)) continue;
      for (const word of decidingWords(parse(join(root, file)))) if (words.has(word)) found.add(`${file}: ${word}`);
    }
  }
  return [...found].sort();
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
}

const equalities: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
];
const searches: readonly string[] = ['includes', 'has', 'startsWith', 'endsWith'];

function decidingWords(source: ts.SourceFile): string[] {
  const words: string[] = [];
  const add = (node: ts.Node): void => void (ts.isStringLiteral(node) && words.push(node.text));
  const read = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && equalities.includes(node.operatorToken.kind)) {
      if (!ts.isTypeOfExpression(node.left)) add(node.right);
      if (!ts.isTypeOfExpression(node.right)) add(node.left);
    } else if (ts.isCaseClause(node)) {
      add(node.expression);
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      if (searches.includes(node.expression.name.text)) node.arguments.forEach(add);
    } else if (ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent) && node.initializer) {
      readTable(node.initializer);
    }
    ts.forEachChild(node, read);
  };
  /** A constant of the module: a list, a set, the keys of a table, or one word. */
  const readTable = (node: ts.Expression): void => {
    if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) readTable(node.expression);
    else if (ts.isArrayLiteralExpression(node)) node.elements.forEach(readTable);
    else if (ts.isNewExpression(node)) node.arguments?.forEach(readTable);
    else if (ts.isObjectLiteralExpression(node)) {
      for (const { name } of node.properties)
        if (name !== undefined && (ts.isStringLiteral(name) || ts.isIdentifier(name))) words.push(name.text);
    } else add(node);
  };
  read(source);
  return words;
}
