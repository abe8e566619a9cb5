import { posix } from 'node:path';
import ts from 'typescript';

/** One import of a module, as written. */
export interface FoundImport {
  /** The text between the quotes. */
  specifier: string;
  /** For a relative specifier: the file it names, relative to the root with `/`. */
  target: string | undefined;
  /** Erased at run time (`import type`, `export type … from`, `import('…').Name` as a type). */
  typeOnly: boolean;
  line: number;
}

/**
 * All imports of a source file: declarations, re-exports, dynamic `import()` and `require()` of a literal, import types.
 * @param file relative to the root with `/`
 */
export function readImports(file: string, text: string): FoundImport[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: FoundImport[] = [];
  const add = (literal: ts.Node | undefined, typeOnly: boolean) => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    const specifier = literal.text;
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;
    found.push({
      specifier,
      target,
      typeOnly,
      line: source.getLineAndCharacterOfPosition(literal.getStart()).line + 1,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    else if (ts.isJSDocImportTag(node)) add(node.moduleSpecifier, true);
    else if (ts.isCallExpression(node) && isLoader(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isLoader(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}
