import * as t from '@babel/types';

/** A place of the syntax tree, as Babel's traversal gives it. */
export interface SyntaxPath {
  node: t.Node;
  key: string | number | null;
  parentPath: SyntaxPath | null;
  scope: Scope;
}

/** What a name means at a place. */
export interface Scope {
  block: t.Node;
  path: SyntaxPath;
  getBinding(name: string): Binding | undefined;
}

export interface Binding {
  kind: string;
  /** It is never set again. */
  constant: boolean;
  identifier: t.Identifier;
  path: SyntaxPath;
  scope: Scope;
  referencePaths: readonly SyntaxPath[];
  constantViolations: readonly SyntaxPath[];
}

/** One way to change the node of a path. */
export interface Change {
  /** Stands in for the whole node. */
  replacement: t.Node;
  /** The part of the node that is named as the place, from the first of these nodes to the last; default: the node. */
  place?: readonly [t.Node, t.Node];
  /** What stands at that place afterwards; empty if nothing does. */
  shown?: readonly t.Node[];
}

/** Makes a mistake of one kind wherever the code gives occasion for it. */
export interface Mutator {
  /** In `PascalCase`, like the instrumenter's own. */
  name: string;
  mutate(path: SyntaxPath): Iterable<Change>;
}

export const copy = <N extends t.Node>(node: N): N => t.cloneNode(node, true);

export const nothing = (): t.Expression => t.identifier('undefined');

const plain = (node: t.Node): t.Node => {
  if (t.isAwaitExpression(node) || (t.isUnaryExpression(node) && node.operator === 'void')) return plain(node.argument);
  if (t.isTSNonNullExpression(node) || t.isTSAsExpression(node) || t.isParenthesizedExpression(node))
    return plain(node.expression);
  return node;
};

/** The call that an expression comes to, without `await` and `void`. */
export function callOf(node: t.Node): t.CallExpression | t.OptionalCallExpression | undefined {
  const found = plain(node);
  return t.isCallExpression(found) || t.isOptionalCallExpression(found) ? found : undefined;
}

/** The last name of what is called: `end` of `this.#child.end()`. */
export function calledName(call: t.CallExpression | t.OptionalCallExpression): string | undefined {
  const callee = plain(call.callee);
  return t.isIdentifier(callee) ? callee.name : memberName(callee);
}

/** The name after the last dot. */
export function memberName(node: t.Node): string | undefined {
  if (!(t.isMemberExpression(node) || t.isOptionalMemberExpression(node)) || node.computed) return undefined;
  if (t.isPrivateName(node.property)) return node.property.id.name;
  return t.isIdentifier(node.property) ? node.property.name : undefined;
}

/** A call of a method with another name or other arguments. */
export function calledAs(
  call: t.CallExpression | t.OptionalCallExpression,
  name: string,
  args: t.CallExpression['arguments'] = call.arguments,
): t.Expression {
  const changed = copy(call);
  changed.arguments = args.map(copy);
  const { callee } = changed;
  if ((t.isMemberExpression(callee) || t.isOptionalMemberExpression(callee)) && t.isIdentifier(callee.property))
    callee.property = t.identifier(name);
  return changed;
}

/** Every node below, except those of functions, which run at another time. */
export function* nodesWithin(node: t.Node): Generator<t.Node> {
  yield node;
  if (t.isFunction(node)) return;
  for (const key of t.VISITOR_KEYS[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    for (const one of Array.isArray(child) ? child : [child])
      if (one !== null && typeof one === 'object') yield* nodesWithin(one as t.Node);
  }
}

/** Whether a node runs other code when it is evaluated: it calls, makes or waits. */
export const doesMore = (node: t.Node) =>
  [...nodesWithin(node)].some(
    (one) =>
      (t.isCallExpression(one) && !t.isSuper(one.callee)) ||
      t.isOptionalCallExpression(one) ||
      t.isNewExpression(one) ||
      t.isAwaitExpression(one),
  );

/** Whether a function is one that does nothing. */
export function doesNothing(node: t.Node): boolean {
  if (t.isIdentifier(node)) return /^(noop|ignore\w*|silent|nothing|undefined)$/.test(node.name);
  if (!t.isArrowFunctionExpression(node)) return false;
  const { body } = node;
  if (t.isBlockStatement(body)) return body.body.length === 0;
  return t.isIdentifier(body, { name: 'undefined' }) || t.isLiteral(body);
}

/** Whether the node is a number that is written out, with its sign. */
export function writtenNumber(node: t.Node): number | undefined {
  if (t.isNumericLiteral(node)) return node.value;
  if (t.isUnaryExpression(node, { operator: '-' }) && t.isNumericLiteral(node.argument)) return -node.argument.value;
  return undefined;
}

export const numberNode = (value: number): t.Expression =>
  value < 0 ? t.unaryExpression('-', t.numericLiteral(-value)) : t.numericLiteral(value);
