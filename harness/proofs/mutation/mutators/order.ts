import * as t from '@babel/types';
import { isGivenToCaller, onlyStops, setsOwnVariable, settlesPromise } from './changes-nothing.ts';
import { calledName, callOf, copy, doesMore, type Mutator, nodesWithin, type SyntaxPath } from './syntax.ts';

/** The caller goes on before the work is done. */
export const awaitDropped: Mutator = {
  name: 'AwaitDropped',
  *mutate(path) {
    const { node } = path;
    if (t.isAwaitExpression(node) && !isGivenToCaller(path)) yield { replacement: copy(node.argument) };
  },
};

/** Two neighbours in the other order, where the order can matter. */
export const statementsSwapped: Mutator = {
  name: 'StatementsSwapped',
  *mutate(path) {
    const { node } = path;
    if (!t.isBlockStatement(node)) return;
    for (const [index, first] of node.body.entries()) {
      const second = node.body[index + 1];
      if (second === undefined || !canSwap(first, second)) continue;
      const stops = [first, second].filter((one) => onlyStops(one, path));
      // Of two that settle a promise, the first counts.
      if (stops.length === 2) continue;
      if (stops.length === 1 && [first, second].some((one) => settlesPromise(one, path))) continue;
      if (setsOwnVariable(first, second, path) || setsOwnVariable(second, first, path)) continue;
      const body = node.body.map(copy);
      body.splice(index, 2, copy(second), copy(first));
      const replacement = t.blockStatement(body, node.directives);
      yield { replacement, place: [first, second], shown: [second, first] };
    }
  },
};

function canSwap(first: t.Statement, second: t.Statement): boolean {
  const pair = [first, second];
  if (!pair.some((one) => t.isExpressionStatement(one)) || !pair.every(acts)) return false;
  // Two things that are kept do not see each other.
  const [one, other] = pair.map(keptIn);
  if (one && other && !t.isNodesEquivalent(one, other)) return false;
  // Whoever waits for a promise hears of it later, and two checks do not see each other either.
  const calls = pair.map((each) => (t.isExpressionStatement(each) ? plainCall(each.expression) : undefined));
  if (calls.some((name) => /^(resolve|reject)/.test(name ?? '')) && (one ?? other)) return false;
  if (calls[0] !== undefined && calls[0] === calls[1]) return false;
  // Timers run no code of the program now.
  if (calls.some((name) => timers.test(name ?? '')) && (one ?? other) && !mentions(pair, one ?? other)) return false;
  const names = [...declared(first), ...declared(second)];
  const used = pair.flatMap((each) =>
    [...everyNode(each)].flatMap((node) => (t.isIdentifier(node) ? [node.name] : [])),
  );
  // The declaration itself is one use.
  return names.every((name) => used.filter((each) => each === name).length === 1);
}

const timers = /^(clearTimeout|clearInterval|clearImmediate|setImmediate|queueMicrotask)$/;

/** Whether both statements have the node in them. */
const mentions = (pair: readonly t.Statement[], node: t.Node | null | undefined) =>
  pair.every((each) => [...everyNode(each)].some((one) => t.isNodesEquivalent(one, node ?? each)));

/** Whether a statement does something: it is an expression with an effect, or a value is waited for. */
const acts = (node: t.Statement): boolean =>
  t.isExpressionStatement(node)
    ? hasEffect(node)
    : t.isVariableDeclaration(node) && [...nodesWithin(node)].some((one) => t.isAwaitExpression(one));

/** The name of a function of the module that is called, and nothing else. */
const plainCall = (node: t.Node): string | undefined =>
  t.isCallExpression(node) && t.isIdentifier(node.callee) ? node.callee.name : undefined;

/** What is changed by a statement that only keeps or forgets a value: a field, a map, a list. */
function keptIn(statement: t.Statement): t.Node | undefined {
  if (!t.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  if (t.isAssignmentExpression(expression)) return doesMore(expression) ? undefined : expression.left;
  if (t.isUpdateExpression(expression)) return expression.argument;
  const call = callOf(expression);
  if (call !== expression || !call || !/^(set|delete|add|clear|push|unshift)$/.test(calledName(call) ?? ''))
    return undefined;
  if (call.arguments.some(doesMore) || !t.isMemberExpression(call.callee)) return undefined;
  return call.callee.object;
}

const hasEffect = (node: t.Node) =>
  doesMore(node) || [...nodesWithin(node)].some((one) => t.isAssignmentExpression(one) || t.isUpdateExpression(one));

const declared = (node: t.Statement): string[] =>
  t.isVariableDeclaration(node) ? Object.keys(t.getBindingIdentifiers(node)) : [];

function* everyNode(node: t.Node): Generator<t.Node> {
  yield node;
  for (const key of t.VISITOR_KEYS[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    for (const one of Array.isArray(child) ? child : [child])
      if (one !== null && typeof one === 'object') yield* everyNode(one as t.Node);
  }
}

/** A function ends before its last statement, a loop at the first that was to be skipped; or a guard is forgotten. */
export const earlyReturn: Mutator = {
  name: 'EarlyReturn',
  *mutate(path) {
    const { node } = path;
    if (isLastOfSeveral(path)) yield { replacement: t.returnStatement() };
    if (t.isContinueStatement(node) && node.label === null) yield { replacement: t.breakStatement() };
    if (isGuard(node)) yield { replacement: t.emptyStatement() };
  },
};

function isLastOfSeveral({ node, key, parentPath }: SyntaxPath): boolean {
  if (!t.isExpressionStatement(node) || typeof key !== 'number' || key === 0 || parentPath === null) return false;
  const { node: block, parentPath: around } = parentPath;
  if (!t.isBlockStatement(block) || block.body.length !== key + 1) return false;
  return around !== null && t.isFunction(around.node) && !t.isClassMethod(around.node, { kind: 'constructor' });
}

const isGuard = (node: t.Node) =>
  t.isIfStatement(node) &&
  !node.alternate &&
  t.isReturnStatement(node.consequent) &&
  (!node.consequent.argument || t.isIdentifier(node.consequent.argument, { name: 'undefined' }));

const releases = /^(release|unlock|free)([A-Z]\w*)?$/;

/** What holds others off until the end is let go at the beginning. */
export const lockReleasedEarly: Mutator = {
  name: 'LockReleasedEarly',
  *mutate({ node }) {
    if (t.isTryStatement(node) && node.finalizer) {
      for (const statement of node.finalizer.body) {
        if (!isRelease(statement)) continue;
        const tried = copy(node);
        if (tried.finalizer) tried.finalizer.body = node.finalizer.body.filter((one) => one !== statement).map(copy);
        const replacement = t.blockStatement([copy(statement), tried]);
        yield { replacement, place: [statement, statement], shown: [] };
      }
    }
    // A queue of promises: the next begins when this one has begun.
    if (t.isAssignmentExpression(node, { operator: '=' })) {
      const call = callOf(node.right);
      const [work, ...more] = call?.arguments ?? [];
      if (call === undefined || calledName(call) !== 'then' || more.length > 0 || !t.isFunction(work)) return;
      if (!t.isMemberExpression(call.callee) || !t.isNodesEquivalent(call.callee.object, node.left)) return;
      const begun = t.unaryExpression('void', t.callExpression(copy(work), []));
      const replacement = copy(node);
      const changed = callOf(replacement.right);
      if (changed === undefined || !t.isArrowFunctionExpression(work) || work.params.length > 0) return;
      changed.arguments = [t.arrowFunctionExpression([], begun)];
      yield { replacement };
    }
  },
};

function isRelease(statement: t.Statement): boolean {
  if (!t.isExpressionStatement(statement)) return false;
  const call = callOf(statement.expression);
  if (call === undefined) return false;
  // `(await lock)()`, where the lock gives the function that releases it.
  if (t.isAwaitExpression(call.callee) || t.isParenthesizedExpression(call.callee)) return true;
  return releases.test(calledName(call) ?? '');
}
