import type { NormalisedLine } from '../../../../normalise/types.ts';
import { objectOf } from '../shared/line-words.ts';
import type { LinePlace } from '../shared/route.ts';
import type { AlignedLane, Side } from './align-lanes.ts';

/** Another line that this one caused, or that caused it. */
export interface Link {
  /** How the other line relates to this one. */
  says: 'answered by' | 'answers' | 'said on the wire as' | 'shown to the user as' | 'returned as' | 'called as';
  to: LinePlace;
  key: string;
}

interface Stood {
  lane: string;
  side: Side;
}

/**
 * How a line relates to others on its own side: a request and its answer by their id, an event and the engine's message
 * by what both contain, a call and what it returned. Derived from the lines, because no observation records it. The nth
 * of several equal lines belongs to the nth.
 */
export function linksOf(lanes: readonly AlignedLane[], place: LinePlace): Link[] {
  const all = linesOf(lanes, place.side);
  const own = all.find(({ lane, side }) => lane === place.lane && side.place === place.line - 1);
  if (own === undefined) return [];
  const link = (says: Link['says'], found: Stood | undefined): Link[] =>
    found === undefined
      ? []
      : [{ says, to: { lane: found.lane, side: place.side, line: found.side.place + 1 }, key: found.side.line.key }];
  const { ch } = own.side.line;
  if (ch === 'call') return link('returned as', nthOf(all, own, isCall, isOutcomeOf(own)));
  if (ch === 'result' || ch === 'error' || ch === 'end') return link('called as', calling(all, own));
  if (ch === 'event' || ch === 'request') return link('said on the wire as', nthOf(all, own, isShown, isWireIn, said));
  if (ch !== 'wire.in' && ch !== 'wire.out') return [];
  const { id, method } = message(own.side.line);
  if (id === undefined) return link('shown to the user as', nthOf(all, own, isWireIn, isShown, said));
  const other = all.find(({ side: { line } }) => {
    const one = message(line);
    return line.ch !== ch && one.id === id && (one.method === undefined) !== (method === undefined);
  });
  if (method === undefined) return link('answers', other);
  const shown = ch === 'wire.in' ? nthOf(all, own, isWireIn, isShown, said) : undefined;
  return [...link('answered by', other), ...link('shown to the user as', shown)];
}

const linesOf = (lanes: readonly AlignedLane[], of: LinePlace['side']): Stood[] =>
  lanes.flatMap(({ lane, pairs }) =>
    pairs.flatMap(({ expected, actual }) => {
      const side = of === 'client' ? actual : expected;
      return side === undefined ? [] : [{ lane, side }];
    }),
  );

type Test = (line: NormalisedLine) => boolean;

const isCall: Test = ({ ch }) => ch === 'call';
const isShown: Test = ({ ch }) => ch === 'event' || ch === 'request';
const isWireIn: Test = ({ ch }) => ch === 'wire.in';
const isOutcomeOf =
  (own: Stood): Test =>
  ({ ch, lane, key }) =>
    (ch === 'result' || ch === 'error' || ch === 'end') && lane === own.lane && key === own.side.line.key;

/** The call that a result, an error or an end belongs to. */
function calling(all: readonly Stood[], own: Stood): Stood | undefined {
  const isOwnCall: Test = ({ ch, lane, key }) => ch === 'call' && lane === own.lane && key === own.side.line.key;
  return nthOf(all, own, isOutcomeOf(own), isOwnCall);
}

/**
 * If `own` is the nth of the lines equal to it of its kind, returns the nth of the other kind that is equal to it. If
 * none is equal, because the client shows something other than what was sent, only the method decides.
 */
function nthOf(all: readonly Stood[], own: Stood, same: Test, other: Test, equal = keyOnly): Stood | undefined {
  for (const by of equal === keyOnly ? [keyOnly] : [equal, methodOf]) {
    const wanted = by(own.side.line);
    const alike = (test: Test) =>
      all.filter(({ side: { line } }) => test(line) && isLike(line, own) && by(line) === wanted);
    // A line that several lanes show is counted in its own.
    const n = alike(same)
      .filter(({ lane }) => lane === own.lane)
      .indexOf(own);
    const found = alike(other)[n];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Cheap, and checked for every line first, so that its values need not be written out. */
const isLike = (line: NormalisedLine, { side }: Stood) => methodOf(line) === methodOf(side.line);

const keyOnly = ({ key }: NormalisedLine) => key;

function methodOf({ key, body }: NormalisedLine): string {
  const { method, type } = objectOf(body.msg);
  return String(method ?? type ?? body.method ?? key);
}

/** Method and content, whether on the wire or as an event. */
function said(line: NormalisedLine): string {
  const { method, params, ...rest } = objectOf(line.body.msg);
  const content = params ?? (method === undefined ? rest : {});
  return JSON.stringify([methodOf(line), line.body.payload ?? line.body.params ?? content]);
}

function message({ body }: NormalisedLine): { id: string | undefined; method: string | undefined } {
  const { id, method } = objectOf(body.msg);
  return { id: typeof id === 'string' ? id : undefined, method: typeof method === 'string' ? method : undefined };
}
