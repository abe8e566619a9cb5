import * as t from '@babel/types';
import { areApart, asksWhetherThere, picksOne } from './changes-nothing.ts';
import {
  calledAs,
  calledName,
  callOf,
  copy,
  type Mutator,
  memberName,
  nothing,
  numberNode,
  type SyntaxPath,
  writtenNumber,
} from './syntax.ts';

const timers = /^(setTimeout|setInterval|sleep|delay|deadline|timeout|after)$/;
const ofTime = /(Ms|Millis|Milliseconds|Seconds|Timeout|timeout|Delay|Interval|Deadline)$/;

/** Milliseconds for seconds, or the other way round. */
export const unitsMixed: Mutator = {
  name: 'UnitsMixed',
  *mutate({ node, key, parentPath }) {
    if (t.isBinaryExpression(node) && (node.operator === '*' || node.operator === '/')) {
      if (writtenNumber(node.right) === 1000) yield { replacement: copy(node.left as t.Expression) };
    }
    const value = writtenNumber(node);
    if (value !== undefined && value !== 0 && ofTime.test(nameOf(key, parentPath?.node)))
      yield { replacement: numberNode(value % 1000 === 0 ? value / 1000 : value * 1000) };
    const call = callOf(node);
    const [work, time, ...more] = call?.arguments ?? [];
    if (call !== node || call === undefined || !timers.test(calledName(call) ?? '')) return;
    if (!work || !time || !t.isExpression(time) || writtenNumber(time) === 0) return;
    const changed = t.binaryExpression('*', copy(time), t.numericLiteral(1000));
    const args = [work, changed, ...more].map(copy);
    const replacement = copy(call);
    replacement.arguments = args;
    yield { replacement, place: [time, time], shown: [changed] };
  },
};

/** The name that a value is given: a variable, a field, a default, a property. */
function nameOf(key: string | number | null, parent: t.Node | undefined): string {
  if (t.isVariableDeclarator(parent) && key === 'init' && t.isIdentifier(parent.id)) return parent.id.name;
  if (t.isAssignmentPattern(parent) && key === 'right' && t.isIdentifier(parent.left)) return parent.left.name;
  if ((t.isObjectProperty(parent) || t.isClassProperty(parent)) && key === 'value' && t.isIdentifier(parent.key))
    return parent.key.name;
  if (t.isClassPrivateProperty(parent) && key === 'value') return parent.key.id.name;
  return '';
}

const otherEnd: Readonly<Record<string, string>> = {
  shift: 'pop',
  pop: 'shift',
  push: 'unshift',
  unshift: 'push',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  find: 'findLast',
  findLast: 'find',
  findIndex: 'findLastIndex',
  findLastIndex: 'findIndex',
};

/** The first where the last is meant, or the other way round: of a list, or of what wins in an object. */
export const firstForLast: Mutator = {
  name: 'FirstForLast',
  *mutate(path) {
    const { node, key, parentPath } = path;
    if (t.isCallExpression(node) || t.isOptionalCallExpression(node)) {
      const { callee } = node;
      const isMethod = t.isMemberExpression(callee) || t.isOptionalMemberExpression(callee);
      const name = (isMethod && !t.isPrivateName(callee.property) && calledName(node)) || '';
      const same = isEquality(node.arguments[0]) || asksWhetherThere(path);
      const other = Object.hasOwn(otherEnd, name) ? otherEnd[name] : undefined;
      if (other !== undefined && !same) yield { replacement: calledAs(node, other) };
      const [index] = node.arguments;
      const at = index && writtenNumber(index);
      if (name === 'at' && (at === -1 || at === 0))
        yield { replacement: calledAs(node, 'at', [numberNode(at === 0 ? -1 : 0)]) };
    }
    if (
      t.isMemberExpression(node) &&
      node.computed &&
      writtenNumber(node.property) === 0 &&
      !isTarget(key, parentPath?.node)
    )
      yield {
        replacement: t.callExpression(t.memberExpression(copy(node.object), t.identifier('at')), [numberNode(-1)]),
      };
    if (t.isArrayExpression(node) && node.elements.length > 1 && node.elements.some((one) => t.isSpreadElement(one)))
      yield { replacement: t.arrayExpression([...node.elements].reverse().map((one) => one && copy(one))) };
    if (t.isObjectExpression(node) && node.properties.length > 1) {
      const [first, ...rest] = node.properties;
      if (first && t.isSpreadElement(first) && !areApart([first], rest, path))
        yield { replacement: t.objectExpression([...rest, first].map(copy)) };
    }
  },
};

/** Whether a function compares its parameter with a value: all that pass are the same. */
function isEquality(node: t.Node | undefined): boolean {
  if (!t.isArrowFunctionExpression(node) || !t.isBinaryExpression(node.body, { operator: '===' })) return false;
  const { left, right } = node.body;
  return [left, right].some((one) => t.isNodesEquivalent(one, node.params[0] ?? one));
}

const isTarget = (key: string | number | null, parent: t.Node | undefined): boolean =>
  (t.isAssignmentExpression(parent) && key === 'left') ||
  t.isUpdateExpression(parent) ||
  t.isUnaryExpression(parent, { operator: 'delete' });

/** Something else happens where the caller says nothing. */
export const defaultChanged: Mutator = {
  name: 'DefaultChanged',
  *mutate({ node, key, parentPath }) {
    if (t.isLogicalExpression(node, { operator: '??' })) {
      const other = otherValue(node.right);
      if (other) {
        const replacement = t.logicalExpression('??', copy(node.left), other);
        yield { replacement, place: [node.right, node.right], shown: [other] };
      }
    }
    const parent = parentPath?.node;
    const isDefault = t.isAssignmentPattern(parent) && key === 'right';
    const isNamed = t.isVariableDeclarator(parent) && key === 'init' && namesLimit.test(nameOf(key, parent));
    const isField = (t.isClassPrivateProperty(parent) || t.isClassProperty(parent)) && key === 'value';
    // A field that begins with null begins with nothing in either case.
    if (isDefault || isNamed || (isField && !t.isNullLiteral(node))) {
      const other = otherValue(node);
      if (other) yield { replacement: other };
    }
    // What is on unless it is turned off.
    if (t.isBinaryExpression(node) && t.isBooleanLiteral(node.right)) {
      const [from, to] = node.right.value ? ['===', '!=='] : ['!==', '==='];
      if (node.operator !== from) return;
      const value = t.booleanLiteral(!node.right.value);
      yield { replacement: t.binaryExpression(to as '===', copy(node.left), value) };
    }
  },
};

const namesLimit = /default|most|least|max|min|limit|longest|shortest/i;

function otherValue(node: t.Node): t.Expression | undefined {
  if (t.isBooleanLiteral(node)) return t.booleanLiteral(!node.value);
  const number = writtenNumber(node);
  if (number !== undefined) return numberNode(number === 0 ? 1 : number * 2);
  if (t.isStringLiteral(node)) return t.stringLiteral(node.value === '' ? 'x' : '');
  if (t.isNullLiteral(node)) return nothing();
  return undefined;
}

const bounds: Readonly<Record<string, t.BinaryExpression['operator']>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const cuts = /^(slice|subarray|substring|splice)$/;

/** One too many, or one too few. */
export const boundMoved: Mutator = {
  name: 'BoundMoved',
  *mutate(path) {
    const { node } = path;
    if (t.isBinaryExpression(node) && t.isExpression(node.left)) {
      const other = Object.hasOwn(bounds, node.operator) ? bounds[node.operator] : undefined;
      if (other && !picksOne(path)) yield { replacement: t.binaryExpression(other, copy(node.left), copy(node.right)) };
      if ((node.operator === '+' || node.operator === '-') && writtenNumber(node.right) === 1)
        yield { replacement: copy(node.left) };
      const number = writtenNumber(node.right);
      const isCount = /^(length|size|byteLength)$/.test(memberName(node.left) ?? '');
      if (/^[!=]==$/.test(node.operator) && number !== undefined && isCount)
        yield { replacement: t.binaryExpression(node.operator, copy(node.left), numberNode(number + 1)) };
    }
    if (!t.isCallExpression(node) && !t.isOptionalCallExpression(node)) return;
    if (!cuts.test(calledName(node) ?? '')) return;
    for (const [index, argument] of node.arguments.entries()) {
      if (!t.isExpression(argument)) continue;
      const number = writtenNumber(argument);
      const moved =
        number === undefined ? t.binaryExpression('+', copy(argument), t.numericLiteral(1)) : numberNode(number + 1);
      const args = node.arguments.map((one, at) => (at === index ? moved : one));
      yield { replacement: calledAs(node, calledName(node) ?? '', args), place: [argument, argument], shown: [moved] };
    }
  },
};

const handedOn = /^(signal|options|context|config|timeoutMs)$/;

/** What the caller asked for does not arrive. */
export const optionNotPassed: Mutator = {
  name: 'OptionNotPassed',
  *mutate(path) {
    const { node } = path;
    if (t.isObjectExpression(node) && isArgument(path)) {
      for (const [index, property] of node.properties.entries()) {
        const replacement = t.objectExpression(node.properties.filter((_, at) => at !== index).map(copy));
        yield { replacement, place: [property, property], shown: [] };
      }
    }
    if (!t.isCallExpression(node) && !t.isNewExpression(node)) return;
    const last = node.arguments.at(-1);
    const name = last && (t.isIdentifier(last) ? last.name : memberName(last));
    if (last === undefined || !handedOn.test(name ?? '')) return;
    const replacement = copy(node);
    replacement.arguments.pop();
    yield { replacement, place: [last, last], shown: [] };
  },
};

/** An object that is made for a call: its argument, or a part of one. */
function isArgument({ key, parentPath }: SyntaxPath): boolean {
  if (parentPath === null) return false;
  const { node } = parentPath;
  if (t.isCallExpression(node) || t.isOptionalCallExpression(node) || t.isNewExpression(node))
    return typeof key === 'number';
  if (t.isObjectProperty(node) && key === 'value')
    return parentPath.parentPath !== null && isArgument(parentPath.parentPath);
  return false;
}
