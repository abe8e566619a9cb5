import type { Surface, SurfaceField, SurfaceItem, SurfaceItems, SurfaceParameter, SurfaceSymbol } from './types.ts';

/** How a language's names become ours. */
export interface Naming {
  symbol(name: string): string;
  /** Of members, methods, options and fields. */
  part(name: string): string;
  /** Facts have their types too: two languages have no types in common. */
  types?: true;
}

/** Names that are already ours. */
export const asTheyAre: Naming = { symbol: (name) => name, part: (name) => name };

/** Of two versions of the same SDK. */
export const withTypes: Naming = { ...asTheyAre, types: true };

/** The rule for Python: camelCase, `Async…` folds into its namesake, `__version__` is `version`. */
export const camelCased: Naming = {
  symbol: (name) =>
    /^_*[a-z]/.test(name) ? camelCase(name.replace(/^_+|_+$/g, '')) : name.replace(/^Async(?=[A-Z])/, ''),
  part: camelCase,
};

function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A difference between two things that should be the same: Python's `Codex` and `AsyncCodex`. */
export interface Clash {
  name: string;
  one: SurfaceItem;
  other: SurfaceItem;
}

/** Every comparable fact of a surface, by name. If two facts have the same name and differ, the second is a clash. */
export function surfaceItems(surface: Surface, naming: Naming): { items: SurfaceItems; clashes: Clash[] } {
  const items = new Map<string, SurfaceItem>();
  const clashes: Clash[] = [];
  for (const symbol of surface.symbols) {
    for (const [name, item] of itemsOf(symbol, naming)) {
      const there = items.get(name);
      if (there && JSON.stringify(there) !== JSON.stringify(item)) clashes.push({ name, one: there, other: item });
      else items.set(name, item);
    }
  }
  return { items, clashes };
}

/**
 * A fact's name according to the rule → Python's first spelling of it: for `Codex` and `AsyncCodex`, whichever comes
 * first.
 */
export function pythonSpellings(surface: Surface): Map<string, string> {
  const spellings = new Map<string, string>();
  for (const symbol of surface.symbols) {
    const own = [...itemsOf(symbol, asTheyAre)];
    for (const [index, [name]] of [...itemsOf(symbol, camelCased)].entries()) {
      const spelt = own[index]?.[0];
      if (spelt !== undefined && !spellings.has(name)) spellings.set(name, spelt);
    }
  }
  return spellings;
}

function* itemsOf(symbol: SurfaceSymbol, naming: Naming): Generator<[string, SurfaceItem]> {
  const inTypes = symbol.module === 'types';
  const owner = `${inTypes ? 'types.' : ''}${naming.symbol(symbol.name)}`;
  // Fields of protocol types have wire names in both languages.
  const part = inTypes ? (name: string) => name : naming.part;
  yield [owner, { kind: 'symbol', owner, ...typed(naming, symbol.returns) }];
  if (symbol.context) yield [`${owner}[block]`, { kind: 'context', owner }];
  if (symbol.kind === 'exception') yield [`${owner} extends`, { kind: 'base', owner, value: symbol.base ?? '' }];
  yield* parameters(owner, owner, symbol.construct ?? [], naming, true);
  yield* parameters(owner, owner, symbol.parameters ?? [], naming);
  for (const field of symbol.fields ?? []) yield [`${owner}.${part(field.name)}`, fieldItem(owner, field, naming)];
  for (const method of symbol.methods ?? []) {
    const name = `${owner}.${naming.part(method.name)}`;
    yield [`${name}()`, { kind: 'method', owner, ...typed(naming, method.returns) }];
    yield* parameters(name, owner, method.parameters, naming);
  }
  for (const [member, value] of Object.entries(symbol.members ?? {})) {
    const name = inTypes ? `${owner} ${JSON.stringify(value)}` : `${owner}.${naming.part(member)}`;
    yield [name, { kind: 'member', owner, value }];
  }
  for (const { tag, fields } of symbol.variants ?? []) {
    yield [`${owner}{${tag}}`, { kind: 'variant', owner }];
    for (const field of fields) yield [`${owner}{${tag}}.${field.name}`, fieldItem(owner, field, naming)];
  }
}

function* parameters(
  name: string,
  owner: string,
  all: readonly SurfaceParameter[],
  naming: Naming,
  construct = false,
): Generator<[string, SurfaceItem]> {
  for (const [index, parameter] of all.entries()) {
    const { kind, required } = parameter;
    const place = kind === 'option' ? 'option' : index;
    const item: SurfaceItem = { kind: 'parameter', owner, required, place, ...typed(naming, parameter.type) };
    if (construct) item.construct = true;
    if (parameter.default !== undefined) item.default = parameter.default;
    yield [`${name}(${naming.part(parameter.name)})`, item];
  }
}

const typed = ({ types }: Naming, type: string | undefined) => (types && type !== undefined ? { type } : {});

function fieldItem(
  owner: string,
  { required, nullable, type, default: given }: SurfaceField,
  naming: Naming,
): SurfaceItem {
  const item: SurfaceItem = { kind: 'field', owner, required, ...typed(naming, type) };
  if (nullable) item.nullable = true;
  if (given !== undefined) item.default = given;
  return item;
}
