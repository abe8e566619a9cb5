import * as t from '@babel/types';
import { calledName, callOf, doesMore, doesNothing, nodesWithin, type SyntaxPath } from './syntax.ts';

/*
 * Changes that no program can notice, so that no mutant is made of them. Each is shown by the text of one file: what
 * might be noticed remains a mutant.
 */

/** Whether the function gives the promise itself to its caller, and does nothing afterwards: waiting for it is the same. */
export function isGivenToCaller(path: SyntaxPath): boolean {
  let at: SyntaxPath = path;
  let around = at.parentPath;
  while (around !== null && isValueOf(around.node, at)) {
    at = around;
    around = at.parentPath;
  }
  if (around === null) return false;
  if (t.isArrowFunctionExpression(around.node)) return at.key === 'body';
  // A generator waits for what it yields.
  if (t.isYieldExpression(around.node)) return !around.node.delegate;
  return t.isReturnStatement(around.node) && nothingFollows(around);
}

/** Whether the value of the node is that of what is around it. */
const isValueOf = (around: t.Node, { key }: SyntaxPath): boolean =>
  (t.isConditionalExpression(around) && key !== 'test') || (t.isLogicalExpression(around) && key === 'right');

/** Whether a `return` is the end of its function: nothing is caught, closed or disposed after it. */
function nothingFollows(path: SyntaxPath): boolean {
  for (let at = path; at.parentPath !== null && !t.isFunction(at.node); at = at.parentPath) {
    const { node } = at.parentPath;
    if (t.isTryStatement(node) && (at.key === 'block' || node.finalizer)) return false;
    if (t.isForOfStatement(node)) return false;
    if (t.isBlockStatement(node) && node.body.some(disposes)) return false;
  }
  return true;
}

const disposes = (one: t.Statement) => t.isVariableDeclaration(one) && /using/.test(one.kind);

/** Names that an object may have, at most: these, or all but these. */
type Names = { are: boolean; names: ReadonlySet<string> };
const only = (...names: readonly string[]): Names => ({ are: true, names: new Set(names) });

/** Whether no name of the one is among those of the other, so that neither wins over the other. */
export function areApart(one: readonly t.Node[], other: readonly t.Node[], path: SyntaxPath): boolean {
  if ([one, other].every((nodes) => nodes.some(doesMore))) return false;
  const [a, b] = [one, other].map((nodes) => namesOf(t.objectExpression(nodes as t.ObjectProperty[]), path));
  if (a === undefined || b === undefined) return false;
  if (!a.are) return b.are && [...b.names].every((name) => a.names.has(name));
  return [...a.names].every((name) => b.names.has(name) !== b.are);
}

/** undefined if it may have any. */
function namesOf(node: t.Node, path: SyntaxPath): Names | undefined {
  if (t.isObjectExpression(node)) return union(node.properties.map((property) => namesOfProperty(property, path)));
  if (t.isLogicalExpression(node, { operator: '&&' })) return namesOf(node.right, path);
  if (t.isLogicalExpression(node)) return union([namesOf(node.left, path), namesOf(node.right, path)]);
  if (t.isConditionalExpression(node)) return union([namesOf(node.consequent, path), namesOf(node.alternate, path)]);
  if (t.isNullLiteral(node)) return only();
  return t.isIdentifier(node) ? namesOfRest(node.name, path) : undefined;
}

function namesOfProperty(property: t.ObjectExpression['properties'][number], path: SyntaxPath): Names | undefined {
  if (t.isSpreadElement(property)) return namesOf(property.argument, path);
  const name = nameOfKey(property);
  return name === undefined ? undefined : only(name);
}

function nameOfKey({ key, computed }: t.ObjectProperty | t.ObjectMethod): string | undefined {
  if (!computed && t.isIdentifier(key)) return key.name;
  return t.isStringLiteral(key) ? key.value : undefined;
}

function union(all: readonly (Names | undefined)[]): Names | undefined {
  let names = only();
  for (const one of all) {
    // What lacks some names, beside others: rarely written, and then taken for any.
    if (one === undefined || (!one.are && all.length > 1)) return undefined;
    names = one.are ? only(...names.names, ...one.names) : one;
  }
  return names;
}

/** Of `rest` in `const { a, b, ...rest } = x`: all but `a` and `b`, unless more is put into it. */
function namesOfRest(name: string, { scope }: SyntaxPath): Names | undefined {
  const binding = scope.getBinding(name);
  if (!binding?.constant) return undefined;
  for (const node of nodesWithin(binding.path.node)) {
    if (!t.isObjectPattern(node)) continue;
    const rest = node.properties.at(-1);
    if (!t.isRestElement(rest) || rest.argument !== binding.identifier) continue;
    if (!binding.referencePaths.every(({ parentPath }) => t.isSpreadElement(parentPath?.node))) return undefined;
    const taken = node.properties.flatMap((one) => (t.isObjectProperty(one) ? [nameOfKey(one)] : []));
    return taken.includes(undefined) ? undefined : { are: false, names: new Set(taken as string[]) };
  }
  return undefined;
}

/** Whether a call only finds out whether something is there: what is first or last makes no difference. */
export function asksWhetherThere({ node, key, parentPath }: SyntaxPath): boolean {
  const call = callOf(node);
  const parent = parentPath?.node;
  if (call === undefined || !t.isBinaryExpression(parent) || key !== 'left') return false;
  const { operator, right } = parent;
  const name = calledName(call) ?? '';
  if (/^find(Last)?$/.test(name)) return /^[!=]==?$/.test(operator) && t.isIdentifier(right, { name: 'undefined' });
  const isMissing = t.isUnaryExpression(right, { operator: '-' }) && t.isNumericLiteral(right.argument, { value: 1 });
  const isZero = t.isNumericLiteral(right, { value: 0 });
  return (
    (/^[!=]==?$/.test(operator) && isMissing) ||
    (/^(<|>=)$/.test(operator) && isZero) ||
    (operator === '>' && isMissing)
  );
}

/** Whether a comparison picks the one of two that is less or more: of two equal ones it is the same. */
export function picksOne({ node, key, parentPath }: SyntaxPath): boolean {
  const parent = parentPath?.node;
  if (!t.isBinaryExpression(node) || key !== 'test') return false;
  const sides = [node.left, node.right];
  const isSide = (one: t.Node) => sides.some((side) => t.isNodesEquivalent(side, one));
  if (sides.some(doesMore)) return false;
  if (t.isConditionalExpression(parent)) return isSide(parent.consequent) && isSide(parent.alternate);
  if (!t.isIfStatement(parent) || parent.alternate) return false;
  const { consequent } = parent;
  const [statement] = t.isBlockStatement(consequent) && consequent.body.length === 1 ? consequent.body : [consequent];
  if (!t.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  return t.isAssignmentExpression(expression, { operator: '=' }) && isSide(expression.left) && isSide(expression.right);
}

/** Whether a listener only settles a promise: what it hears after the first time changes nothing. */
export function onlySettles(listener: t.Node | undefined, { scope }: SyntaxPath): boolean {
  const name = t.isIdentifier(listener) ? listener.name : settledBy(listener);
  const binding = name === undefined ? undefined : scope.getBinding(name);
  const executor = binding?.scope.path;
  const parent = executor?.parentPath?.node;
  return (
    binding?.kind === 'param' &&
    t.isFunction(executor?.node) &&
    t.isNewExpression(parent) &&
    t.isIdentifier(parent.callee, { name: 'Promise' })
  );
}

/** `resolve` of `() => resolve(value)`. */
function settledBy(listener: t.Node | undefined): string | undefined {
  if (!t.isArrowFunctionExpression(listener) || !t.isCallExpression(listener.body)) return undefined;
  const { callee, arguments: args } = listener.body;
  return t.isIdentifier(callee) && !args.some(doesMore) ? callee.name : undefined;
}

/** What gives back a function that only takes away a timer or a listener. */
const givesStopper = /^(onAbort|startDeadline)$/;

/** Whether a statement is a call of such a function: it sees nothing but its own timer or listener. */
export function onlyStops(statement: t.Statement, { scope }: SyntaxPath): boolean {
  if (!t.isExpressionStatement(statement) || !t.isCallExpression(statement.expression)) return false;
  const { callee, arguments: args } = statement.expression;
  const binding = t.isIdentifier(callee) && args.length === 0 ? scope.getBinding(callee.name) : undefined;
  if (!binding || !t.isVariableDeclarator(binding.path.node) || !t.isIdentifier(binding.path.node.id)) return false;
  const given = [
    binding.path.node.init,
    ...binding.constantViolations.map(({ node }) => (t.isAssignmentExpression(node) ? node.right : undefined)),
  ];
  return given.every((value) => {
    if (!value) return false;
    const call = callOf(value);
    return doesNothing(value) || (call === value && givesStopper.test(calledName(call) ?? ''));
  });
}

/**
 * Whether a statement settles a promise that its executor makes, with what is there already: whoever waits for it hears of it when the function is over.
 */
export function settlesPromise(statement: t.Statement, path: SyntaxPath): boolean {
  if (!t.isExpressionStatement(statement) || !t.isCallExpression(statement.expression)) return false;
  const { callee, arguments: args } = statement.expression;
  return t.isIdentifier(callee) && !args.some(doesMore) && onlySettles(callee, path);
}

/** Whether a statement sets a variable of its function that nothing else can see before the function goes on. */
export function setsOwnVariable(statement: t.Statement, beside: t.Statement, path: SyntaxPath): boolean {
  if (!t.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  if (!t.isAssignmentExpression(expression) || !t.isIdentifier(expression.left) || doesMore(expression.right))
    return false;
  const reads = [...nodesWithin(expression.right)];
  // A field may be another one afterwards.
  if (reads.some((one) => t.isMemberExpression(one) || t.isOptionalMemberExpression(one))) return false;
  const names = [expression.left, ...reads].flatMap((one) => (t.isIdentifier(one) ? [one.name] : []));
  return names.every((name) => isOwn(name, beside, path));
}

function isOwn(name: string, beside: t.Statement, path: SyntaxPath): boolean {
  const binding = path.scope.getBinding(name);
  if (!binding || binding.kind === 'module') return false;
  const uses = [...binding.referencePaths, ...binding.constantViolations];
  const home = functionOf(path);
  if (home === undefined || functionOf(binding.path) !== home || uses.some((use) => functionOf(use) !== home))
    return false;
  // What fails beside it may be caught where the variable is read.
  for (let at: SyntaxPath | null = path; at && at.node !== binding.scope.block; at = at.parentPath)
    if (t.isTryStatement(at.node)) return false;
  return ![...nodesWithin(beside)].some((one) => t.isIdentifier(one) && one.name === name);
}

function functionOf(path: SyntaxPath): t.Node | undefined {
  for (let at: SyntaxPath | null = path; at; at = at.parentPath) if (t.isFunction(at.node)) return at.node;
  return undefined;
}
