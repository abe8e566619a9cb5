import * as t from '@babel/types';
import { onlySettles } from './changes-nothing.ts';
import { calledAs, calledName, callOf, copy, doesNothing, type Mutator, nothing, type SyntaxPath } from './syntax.ts';

const cleanups =
  /^(close|dispose|destroy|end|stop|clear|unref|release|abort|delete|kill|cancel|forget|leave|remove|rm|unlink|detach|undo|finish|drain|reset|unlock|free|clean[uU]p|shut[dD]own|terminate|disconnect)([A-Z]\w*)?$/;
const unlistens = /^(off|removeListener|removeAllListeners|removeEventListener|unsubscribe|unlisten|stopListening)$/;

/** What was opened stays open, what was kept is kept for good. */
export const cleanupDropped: Mutator = {
  name: 'CleanupDropped',
  mutate: (path) => dropped(path, (name) => cleanups.test(name) && !unlistens.test(name)),
};

/** A listener stays where it was added. */
export const listenerKept: Mutator = {
  name: 'ListenerKept',
  mutate: (path) => dropped(path, (name) => unlistens.test(name)),
};

/** Calls of such a name that stand for themselves: as a statement, or as all that an arrow function does. */
function* dropped({ node, key, parentPath }: SyntaxPath, isOne: (name: string) => boolean) {
  const isBody = key === 'body' && parentPath !== null && t.isArrowFunctionExpression(parentPath.node);
  const expression = t.isExpressionStatement(node) ? node.expression : isBody ? node : undefined;
  const call = expression && firstCall(expression);
  if (call === undefined || !isOne(calledName(call) ?? '')) return;
  const replacement = t.isExpressionStatement(node) ? t.emptyStatement() : nothing();
  yield { replacement };
}

/** `x.close()` of `await x.close().catch(…)`. */
function firstCall(node: t.Node): t.CallExpression | t.OptionalCallExpression | undefined {
  const call = callOf(node);
  if (call === undefined || !/^(catch|then|finally)$/.test(calledName(call) ?? '')) return call;
  const { callee } = call;
  return t.isMemberExpression(callee) || t.isOptionalMemberExpression(callee) ? firstCall(callee.object) : undefined;
}

/** What must happen in any case happens in none. */
export const finallyEmptied: Mutator = {
  name: 'FinallyEmptied',
  *mutate({ node, key, parentPath }) {
    if (key === 'finalizer' && t.isBlockStatement(node) && t.isTryStatement(parentPath?.node) && node.body.length > 0)
      yield { replacement: t.blockStatement([]) };
    const call = callOf(node);
    if (call !== node || call === undefined || calledName(call) !== 'finally') return;
    const [work] = call.arguments;
    if (!work || doesNothing(work)) return;
    const noop = t.arrowFunctionExpression([], nothing());
    yield { replacement: calledAs(call, 'finally', [noop]), place: [work, work], shown: [noop] };
  },
};

const onces: Readonly<Record<string, string>> = {
  once: 'on',
  on: 'once',
  prependOnceListener: 'prependListener',
};

/** A listener that hears more than the first, or only the first. */
export const onceForOn: Mutator = {
  name: 'OnceForOn',
  *mutate(path) {
    const { node } = path;
    if (t.isCallExpression(node) && t.isMemberExpression(node.callee) && node.arguments.length === 2) {
      const name = calledName(node) ?? '';
      const [event, listener] = node.arguments;
      // What comes once is heard once in either case.
      const comesOnce =
        t.isStringLiteral(event) && /^(exit|close|end|finish|listening|spawn|connect|abort)$/.test(event.value);
      // An error that nobody hears is thrown.
      const settles = !t.isStringLiteral(event, { value: 'error' }) && onlySettles(listener, path);
      const other = Object.hasOwn(onces, name) && !comesOnce && !settles ? onces[name] : undefined;
      if (other !== undefined && !t.isPrivateName(node.callee.property)) yield { replacement: calledAs(node, other) };
    }
    if (!t.isObjectExpression(node)) return;
    for (const [index, property] of node.properties.entries()) {
      if (!t.isObjectProperty(property) || !t.isIdentifier(property.key, { name: 'once' })) continue;
      if (!t.isBooleanLiteral(property.value)) continue;
      const replacement = copy(node);
      const changed = t.objectProperty(t.identifier('once'), t.booleanLiteral(!property.value.value));
      replacement.properties[index] = changed;
      yield { replacement, place: [property, property], shown: [changed] };
    }
  },
};

/** What failed is not told. */
export const errorIgnored: Mutator = {
  name: 'ErrorIgnored',
  *mutate({ node, key, parentPath }) {
    if (key === 'body' && t.isBlockStatement(node) && t.isCatchClause(parentPath?.node) && node.body.length > 0)
      yield { replacement: t.blockStatement([]) };
    if (t.isExpressionStatement(node)) {
      const call = callOf(node.expression);
      if (call !== undefined && t.isIdentifier(call.callee) && /^reject/.test(call.callee.name))
        yield { replacement: t.emptyStatement() };
    }
    if (!t.isCallExpression(node) && !t.isOptionalCallExpression(node)) return;
    const at = handlerOf(node);
    const handler = at === undefined ? undefined : node.arguments[at];
    if (at === undefined || !handler || doesNothing(handler)) return;
    const noop = t.arrowFunctionExpression([], nothing());
    const args = node.arguments.map((one, index) => (index === at ? noop : one));
    yield { replacement: calledAs(node, calledName(node) ?? '', args), place: [handler, handler], shown: [noop] };
  },
};

/** Which argument hears of errors. */
function handlerOf(call: t.CallExpression | t.OptionalCallExpression): number | undefined {
  const [first, second] = call.arguments;
  const name = calledName(call);
  if (!t.isMemberExpression(call.callee) && !t.isOptionalMemberExpression(call.callee)) return undefined;
  if (name === 'catch' && first) return 0;
  if (name === 'then' && second) return 1;
  return /^(on|once)$/.test(name ?? '') && t.isStringLiteral(first, { value: 'error' }) && second ? 1 : undefined;
}
