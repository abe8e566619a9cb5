import { createRequire } from 'node:module';
import * as t from '@babel/types';
import { ownMutators } from './mutators.ts';
import type { Change, SyntaxPath } from './syntax.ts';

/** What the instrumenter gives a transformer, as far as it is used here. */
interface Collector {
  readonly mutants: readonly { id: string; replacement: t.Node; original: t.Node }[];
}
interface InstrumenterMutator {
  name: string;
  mutate(path: SyntaxPath): Generator<t.Node>;
}
type Print = (node: t.Node) => { code: string };
type TransformBabel = (
  ast: { root: t.File },
  collector: Collector,
  context: object,
  mutators: readonly InstrumenterMutator[],
) => void;

interface Position {
  line: number;
  column: number;
}
export interface ShownPlace {
  /** From 0. */
  location: { start: Position; end: Position };
  replacement: string;
}

/**
 * The instrumenter's transformation with our mutators in place of its own: it places the switches and counts what is
 * reached.
 */
export async function ownTransform(): Promise<{
  transform: never;
  /** Where a mutant changes something, if that is only a part of the node that is replaced. */
  placeOf(id: string): ShownPlace | undefined;
}> {
  // Neither is exported with types, but their versions are fixed.
  const { default: print } = createRequire(import.meta.url)('@babel/generator') as { default: Print };
  const entry = import.meta.resolve('@stryker-mutator/instrumenter');
  const { transformBabel } = (await import(new URL('./transformers/babel-transformer.js', entry).href)) as {
    transformBabel: TransformBabel;
  };
  const places = new Map<t.Node, ShownPlace | undefined>();
  let collected: Collector = { mutants: [] };
  const mutators = ownMutators.map(({ name, mutate }) => ({
    name,
    *mutate(path: SyntaxPath) {
      for (const change of mutate(path)) {
        places.set(change.replacement, shownPlace(change, print));
        yield change.replacement;
      }
    },
  }));
  const transform = (ast: { root: t.File }, collector: Collector, context: object) => {
    collected = collector;
    withoutCasts(ast.root);
    transformBabel(ast, collector, context, mutators);
  };
  return {
    transform: transform as never,
    placeOf: (id) => {
      const replacement = collected.mutants[Number(id)]?.replacement;
      return replacement && places.get(replacement);
    },
  };
}

/** At once: later, the nodes have switches in them. */
function shownPlace({ place, shown = [] }: Change, print: Print): ShownPlace | undefined {
  const { start } = place?.[0].loc ?? {};
  const { end } = place?.[1].loc ?? {};
  if (start === undefined || end === undefined) return undefined;
  const fromZero = ({ line, column }: Position): Position => ({ line: line - 1, column });
  return {
    location: { start: fromZero(start), end: fromZero(end) },
    replacement: shown.map((node) => print(node).code).join(' '),
  };
}

/** Takes `as T` and `satisfies T` out of a tree, because the instrumenter changes nothing below them. */
function withoutCasts(node: t.Node): void {
  for (const key of t.VISITOR_KEYS[node.type] ?? []) {
    const holder = node as unknown as Record<string, unknown>;
    const child = holder[key];
    if (Array.isArray(child)) {
      for (const [index, one] of child.entries()) child[index] = bare(one);
      for (const one of child) if (one) withoutCasts(one);
    } else if (child !== null && typeof child === 'object') {
      holder[key] = bare(child as t.Node);
      withoutCasts(holder[key] as t.Node);
    }
  }
}

function bare<N>(node: N): N | t.Expression {
  const one = node as t.Node | null;
  if (t.isTSAsExpression(one) || t.isTSSatisfiesExpression(one)) return bare(one.expression) as t.Expression;
  return node;
}
