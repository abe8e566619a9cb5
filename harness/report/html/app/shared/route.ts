import { type CellFilter, filterFromQuery, filterToQuery } from './cell-filter.ts';
import { isLevel, type Level } from './levels.ts';

/** A line of a lane, counted from 1, of the client or of the golden. */
export interface LinePlace {
  lane: string;
  side: 'client' | 'golden';
  line: number;
}

/** Pages of one named thing: a word, an entry of the ledger, a behaviour. */
const namedPages = ['words', 'known', 'behaviour'] as const;
export type NamedPage = (typeof namedPages)[number];

/** What the part of the URL after `#` asks for. */
export type Route =
  | { page: 'start'; filter: CellFilter }
  | { page: 'cell'; path: string; level: Level; at: LinePlace | undefined }
  | { page: NamedPage; name: string };

export type CellRoute = Extract<Route, { page: 'cell' }>;

const cellPrefix = '/cell/';

/**
 * Parses `#/?client=ts`, `#/words/golden` and `#/cell/turns/steer/ts/real?level=wire&lane=in/-&client=3`. What it cannot parse, it leaves
 * out.
 */
export function parseRoute(hash: string): Route {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  const end = text.indexOf('?');
  const place = end < 0 ? text : text.slice(0, end);
  const query = new URLSearchParams(end < 0 ? '' : text.slice(end + 1));
  const [, first = '', ...rest] = place.split('/');
  const named = namedPages.find((page) => page === first);
  if (named !== undefined) return { page: named, name: decoded(rest.join('/')) };
  if (!place.startsWith(cellPrefix)) return { page: 'start', filter: filterFromQuery(query) };
  const level = query.get('level');
  return {
    page: 'cell',
    path: place.slice(cellPrefix.length),
    level: level !== null && isLevel(level) ? level : 'all',
    at: placeFromQuery(query),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function placeFromQuery(query: URLSearchParams): LinePlace | undefined {
  const lane = query.get('lane');
  const side = query.has('client') ? 'client' : 'golden';
  const line = Number(query.get(side));
  return lane === null || !Number.isInteger(line) || line < 1 ? undefined : { lane, side, line };
}

/** The URL of a route, with its `#`; `parseRoute` reads it back. */
export function hashOf(route: Route): string {
  if (route.page === 'start') return withQuery('#/', filterToQuery(route.filter));
  if (route.page !== 'cell') return pageHash(route.page, route.name);
  const query = new URLSearchParams();
  if (route.level !== 'all') query.set('level', route.level);
  if (route.at !== undefined) {
    query.set('lane', route.at.lane);
    query.set(route.at.side, String(route.at.line));
  }
  return withQuery(`#${cellPrefix}${route.path}`, query);
}

const withQuery = (hash: string, query: URLSearchParams) => (query.size === 0 ? hash : `${hash}?${query}`);

export const cellHash = (path: string): string => `#${cellPrefix}${path}`;

export const pageHash = (page: NamedPage, name = ''): string =>
  name === '' ? `#/${page}` : `#/${page}/${encodeURIComponent(name)}`;
