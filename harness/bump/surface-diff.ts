import { diff, Operation } from 'json-diff-ts';
import { surfaceItems, withTypes } from '../proofs/surface/surface-items.ts';
import type { Surface, SurfaceItem } from '../proofs/surface/types.ts';
import { findRenames } from './find-renames.ts';
import { canonicalText, fingerprintOf } from './fingerprint.ts';
import type { Change, ChangeClass, What } from './types.ts';

/** A fact of a surface, and for a name what it is: a class, an enum … */
type Fact = SurfaceItem & { is?: string };

/** What a version of the Python SDK changed for a program that uses it, sorted by place. Names are Python's own. */
export function diffSurfaces(from: Surface, to: Surface): Change[] {
  const [old, fresh] = [factsOf(from), factsOf(to)];
  const tree = diff(old, fresh);
  const found: Change[] = [];
  const add = (what: What, place: string, of: ChangeClass, before: unknown, after: unknown) =>
    void found.push(changeOf(what, place, of, before, after));
  const names = (type: Operation) => tree.filter((change) => change.type === type).map(({ key }) => key);
  const [removed, added] = [new Set(names(Operation.REMOVE)), new Set(names(Operation.ADD))];

  for (const [name, now] of renamesAmong(removed, added, old, fresh)) {
    add('renamed', name, 'breaking', name, now);
    // Its parts go with it.
    for (const part of [...removed]) if (isWithin(part, name, old)) removed.delete(part);
    for (const part of [...added]) if (isWithin(part, now, fresh)) added.delete(part);
  }
  // What is there no more, or only now, is told once, not again with each of its parts.
  const whole = (part: string, of: ReadonlySet<string>, facts: Record<string, Fact>) =>
    [...of].some((name) => name !== part && isWithin(part, name, facts));
  for (const name of removed) if (!whole(name, removed, old)) add(...gone(name, old[name] as Fact));
  for (const name of added) if (!whole(name, added, fresh)) add(...come(name, fresh[name] as Fact));
  for (const { key, type } of tree) {
    if (type === Operation.UPDATE)
      for (const change of altered(old[key] as Fact, fresh[key] as Fact)) add(change[0], key, ...change[1]);
  }
  return found.sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : a.what < b.what ? -1 : 1));
}

function factsOf(surface: Surface): Record<string, Fact> {
  const kinds = new Map(
    surface.symbols.map(({ module, name, kind }) => [`${module === 'types' ? 'types.' : ''}${name}`, kind]),
  );
  const facts = [...surfaceItems(surface, withTypes).items].map(([name, item]): [string, Fact] => {
    const is = item.kind === 'symbol' ? kinds.get(name) : undefined;
    // The version that a client calls itself by is another one in each release.
    const own = item.default === surface.version ? { default: 'the version of the SDK' } : {};
    return [name, { ...item, ...own, ...(is === undefined ? {} : { is }) }];
  });
  return Object.fromEntries(facts);
}

/** Whether one fact is a part of another: a method of a class, a parameter of a method. */
function isWithin(part: string, name: string, facts: Record<string, Fact>): boolean {
  const { kind } = facts[name] ?? {};
  if (part === name) return true;
  if (kind === 'symbol') return facts[part]?.owner === name;
  if (kind === 'method') return part.startsWith(`${name.slice(0, -2)}(`);
  return kind === 'variant' && part.startsWith(`${name}.`);
}

/** A fact of the same kind, place and parts in the same class, under another name. */
function renamesAmong(
  removed: ReadonlySet<string>,
  added: ReadonlySet<string>,
  old: Record<string, Fact>,
  fresh: Record<string, Fact>,
): Map<string, string> {
  const text = (name: string, facts: Record<string, Fact>): [string, string] => {
    const { kind, owner, ...fact } = facts[name] as Fact;
    const parts = Object.entries(facts)
      .filter(([part]) => part !== name && (kind === 'symbol' || kind === 'method') && isWithin(part, name, facts))
      .map(([part, { owner: _, ...inner }]) => [part.slice(kind === 'method' ? name.length - 2 : name.length), inner]);
    const at = kind === 'parameter' ? name.slice(0, name.indexOf('(')) : owner;
    return [name, canonicalText([kind, kind === 'symbol' ? '' : at, fact, parts])];
  };
  // What is told apart by its name alone, such as a field, needs a value of its own to be known again.
  const known = (facts: Record<string, Fact>) => (name: string) =>
    /^(?:symbol|method|parameter|member)$/.test(facts[name]?.kind ?? '');
  const renames = findRenames(
    new Map([...removed].filter(known(old)).map((name) => text(name, old))),
    new Map([...added].filter(known(fresh)).map((name) => text(name, fresh))),
  );
  // A part of something that was renamed as a whole.
  for (const name of [...renames.keys()])
    if ([...renames.keys()].some((other) => other !== name && isWithin(name, other, old))) renames.delete(name);
  return renames;
}

type Told = [what: What, place: string, of: ChangeClass, before: unknown, after: unknown];

function gone(name: string, fact: Fact): Told {
  const before = factText(fact);
  if (fact.kind === 'member') return ['enum-value-removed', name, 'breaking', fact.value, undefined];
  if (fact.kind === 'parameter') return ['parameter-removed', name, 'breaking', before, undefined];
  if (fact.kind === 'field') return ['field-removed', name, 'breaking', before, undefined];
  if (fact.kind === 'variant') return ['variant-removed', name, 'breaking', before, undefined];
  return ['name-removed', name, 'breaking', before, undefined];
}

function come(name: string, fact: Fact): Told {
  const after = factText(fact);
  // A match over all values meets one that it does not know.
  if (fact.kind === 'member') return ['enum-value-added', name, 'behaviour', undefined, fact.value];
  if (fact.kind === 'variant') return ['variant-added', name, 'behaviour', undefined, after];
  if (fact.kind === 'parameter')
    return ['parameter-added', name, fact.required ? 'breaking' : 'additive', undefined, after];
  if (fact.kind === 'field') return ['field-added', name, 'additive', undefined, after];
  return ['name-added', name, 'additive', undefined, after];
}

function altered(before: Fact, after: Fact): [What, [ChangeClass, unknown, unknown]][] {
  const told: [What, [ChangeClass, unknown, unknown]][] = [];
  if (before.kind !== after.kind || before.is !== after.is)
    return [['kind-changed', ['breaking', before.is ?? before.kind, after.is ?? after.kind]]];
  if (before.value !== after.value) {
    // Who compares with the text, or catches the base, no longer meets it.
    told.push([before.kind === 'base' ? 'base-changed' : 'type-changed', ['breaking', before.value, after.value]]);
  }
  if (before.required !== after.required) {
    // Who calls must give it; who reads a field of a model relies on it.
    const breaks = (after.required === true) === (before.kind === 'parameter');
    const what = after.required ? 'required-added' : 'required-removed';
    told.push([what, [breaks ? 'breaking' : 'additive', before.required, after.required]]);
  }
  if (canonicalText(before.default) !== canonicalText(after.default))
    told.push(['default-changed', ['behaviour', before.default, after.default]]);
  if (typesIn(before.type ?? 'Any').join() !== typesIn(after.type ?? 'Any').join())
    told.push(typeChange(before, after));
  if (before.place !== after.place) {
    // A keyword that became positional can still be given by name.
    const of = before.place === 'option' ? 'additive' : 'breaking';
    told.push(['parameter-moved', [of, before.place, after.place]]);
  }
  return told;
}

/** A caller may pass less than before, or a reader may be given more: code that was right fails. The other way round it goes on. */
function typeChange(before: Fact, after: Fact): [What, [ChangeClass, unknown, unknown]] {
  const [old, fresh] = [typesIn(before.type ?? 'Any'), typesIn(after.type ?? 'Any')];
  const within = (some: readonly string[], all: readonly string[]) =>
    all.includes('Any') || some.every((one) => all.includes(one));
  const [few, many] = before.kind === 'parameter' ? [old, fresh] : [fresh, old];
  const nullable = [old, fresh].map((all) => all.includes('None'));
  const rest = [old, fresh].map((all) => all.filter((one) => one !== 'None').join());
  const what = rest[0] !== rest[1] ? 'type-changed' : nullable[0] ? 'null-removed' : 'null-added';
  return [what, [within(few, many) ? 'additive' : 'breaking', before.type, after.type]];
}

/** The alternatives of a type, sorted: `Optional[str]` and `str | None` are the same. */
export function typesIn(type: string): string[] {
  const [, wrapper, inside] = /^(Optional|Union|Annotated)\[(.*)\]$/s.exec(type.trim()) ?? [];
  if (wrapper === 'Optional') return typesIn(`${inside} | None`);
  if (wrapper === 'Annotated') return typesIn(splitOutside(inside as string, ',')[0] as string);
  const parts = wrapper === 'Union' ? splitOutside(inside as string, ',') : splitOutside(type, '|');
  if (parts.length === 1) return [type.replace(/\s+/g, ' ').replaceAll('NoneType', 'None').trim()];
  return [...new Set(parts.flatMap(typesIn))].sort();
}

/** Splits where no bracket is open. */
function splitOutside(text: string, by: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    if ('[('.includes(letter)) depth += 1;
    if ('])'.includes(letter)) depth -= 1;
    if (letter === by && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function factText({ kind, is, required, place, default: given, value, type }: Fact): string {
  const words = [
    is ?? kind,
    ...(type === undefined ? [] : [type]),
    ...(required === undefined ? [] : [required ? 'required' : 'optional']),
    ...(place === undefined ? [] : [place === 'option' ? 'keyword only' : `at ${place}`]),
    ...(given === undefined ? [] : [`= ${canonicalText(given)}`]),
    ...(value === undefined ? [] : [value]),
  ];
  return words.join(' ');
}

function changeOf(what: What, place: string, of: ChangeClass, before: unknown, after: unknown): Change {
  const change = { source: 'surface', what, place } as const;
  return {
    fingerprint: fingerprintOf(change, { before, after }),
    ...change,
    class: of,
    classes: {},
    direction: 'none',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    messages: [],
    provenBy: [],
    blame: 'python',
    scenarios: 0,
  };
}
