import type { CoveragePoint } from '../proofs/coverage/kinds.ts';
import type { Place, Words } from './scan-mentions.ts';
import type { Change, Impact, Mention } from './types.ts';

/** What scenarios exercise on both sides: each point of the protocol, with the scenarios that show it. */
export type Exercised = ReadonlyMap<CoveragePoint, readonly string[]>;

/** A word that stands in more places than this says nothing of what stands there: `id`, `name`, `text`. */
const mostPlaces = 25;

/** Which scenarios prove each change, which changes nothing exercises, and where what is ours names what changed. Fills in `provenBy`. */
export function impactOf(
  changes: readonly Change[],
  exercised: Exercised,
  words: Words,
): { changes: Change[]; impact: Impact } {
  const byName = new Map<string, Set<string>>();
  for (const [point, scenarios] of exercised) {
    const name = point.slice(point.indexOf(' ') + 1);
    byName.set(name, new Set([...(byName.get(name) ?? []), ...scenarios]));
  }
  const filled = changes.map((change) =>
    change.provenBy.length > 0 || change.source !== 'contract'
      ? change
      : { ...change, provenBy: [...new Set(exercisedIn(change, byName))].sort() },
  );
  return {
    changes: filled,
    impact: {
      unproven: filled
        .filter(({ provenBy, source }) => provenBy.length === 0 && source === 'contract')
        .map((one) => one.fingerprint),
      mentions: filled.flatMap((change) => mentionsOf(change, words)),
    },
  };
}

/** The scenarios that show what a change of the contract is about: of a type, those that show anything of it. */
function exercisedIn({ place, what, messages }: Change, byName: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const own = byName.get(place) ?? byName.get(place.replace(/(?:\[\]|\.\*)+$/, ''));
  if (own !== undefined) return [...own];
  if (!/^type-/.test(what)) return [];
  const parts = [...byName].filter(([name]) => name.startsWith(place) && /^[.={]/.test(name.slice(place.length)));
  // What a message carries is there whenever the message is.
  const [message = '', ...others] = messages;
  const carried =
    /(?:Params|Response|Notification)$/.test(place) && others.length === 0 ? byName.get(message) : undefined;
  return [...parts.flatMap(([, scenarios]) => [...scenarios]), ...(carried ?? [])];
}

/** New names are in nothing of ours. */
const isNew = ({ what }: Change) => /-added$/.test(what) && what !== 'required-added' && what !== 'null-added';

function mentionsOf(change: Change, words: Words): Mention[] {
  if (isNew(change)) return [];
  const places =
    change.source === 'contract'
      ? namedBy(change, words)
      : change.source === 'surface'
        ? surfaceNames(change, words)
        : [];
  return places.map((place) => ({ fingerprint: change.fingerprint, ...place }));
}

function namedBy({ place, what }: Change, words: Words): Place[] {
  // `SandboxMode=read-only`, `Type.field=value`: the value is what changed.
  const value = /=(.+)$/.exec(place)?.[1];
  if (value !== undefined) return words.literals.get(value) ?? [];
  // Of a variant, its name is what code tells it by.
  const [, union = '', variant] = /^([^.{]+).*\{([^}]+)\}$/.exec(place) ?? [];
  if (variant !== undefined) {
    // The same word may be the name of something else: it counts where the union is named too.
    const files = new Set((words.types.get(union) ?? []).map(({ file }) => file));
    return (words.literals.get(variant) ?? []).filter(({ file }) => files.has(file));
  }
  if (place.includes('/') || what === 'method-removed') return words.literals.get(place) ?? [];
  const [type = '', ...fields] = place.replace(/\[\]|\{.*?\}|:\w+/g, '').split('.');
  const field = fields.at(-1);
  if (field === undefined) return words.types.get(type) ?? [];
  const named = words.names.get(field) ?? [];
  // A member of that name may be one of another type: it counts where the type is named too, where users see it, and in pages if it is a name of several words.
  const files = new Set((words.types.get(type) ?? []).map(({ file }) => file));
  const near = named.filter(({ file }) => files.has(file));
  if (near.length > 0 || named.length > mostPlaces) return near;
  return named.filter(({ kind }) => kind === 'option' || (kind === 'docs' && /[a-z][A-Z]/.test(field)));
}

/** `Codex.thread_start(sandbox)`: the last name, as Python and as we spell it. */
function surfaceNames({ place }: Change, words: Words): Place[] {
  const name = place.match(/\w+/g)?.at(-1) ?? '';
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const found = [...(words.names.get(name) ?? []), ...(camel === name ? [] : (words.names.get(camel) ?? []))];
  return found.length > mostPlaces ? [] : found;
}
