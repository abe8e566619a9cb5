import ts from 'typescript';
import type { JsonValue } from '../../../testing/json/json.ts';

/** The declarations of options, with the default that the code gives each of them. */
export type Defaults = ReadonlyMap<ts.Declaration, JsonValue>;

/**
 * Finds the defaults of options in the code that applies them, `{ option = value }` and `options.option ?? value`,
 * because a doc comment could say something else.
 */
export function findDefaults(files: readonly ts.SourceFile[], checker: ts.TypeChecker): Defaults {
  const found = new Map<ts.Declaration, JsonValue>();
  const note = (property: ts.Symbol | undefined, value: ts.Expression) => {
    const json = literalValue(value, checker);
    if (json === undefined) return;
    for (const declaration of property?.declarations ?? []) found.set(declaration, json);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isObjectBindingPattern(node)) {
      const { parent } = node;
      const source = ts.isVariableDeclaration(parent) && parent.initializer ? parent.initializer : parent;
      const type = checker.getNonNullableType(checker.getTypeAtLocation(source));
      for (const { propertyName, name, initializer } of node.elements) {
        const key = propertyName ?? name;
        if (initializer && ts.isIdentifier(key)) note(type.getProperty(key.text), initializer);
      }
    }
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken &&
      ts.isPropertyAccessExpression(node.left)
    ) {
      note(checker.getSymbolAtLocation(node.left.name), node.right);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return found;
}

/** The value of an expression: a literal, a constant, a member of a constant; undefined for any other. */
export function literalValue(node: ts.Expression, checker: ts.TypeChecker): JsonValue | undefined {
  if (node.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isArrayLiteralExpression(node) && node.elements.length === 0) return [];
  if (ts.isObjectLiteralExpression(node) && node.properties.length === 0) return {};
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  const type = checker.getTypeAtLocation(node);
  return type.isStringLiteral() || type.isNumberLiteral() ? type.value : undefined;
}
