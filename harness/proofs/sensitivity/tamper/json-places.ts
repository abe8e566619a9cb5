import { isObject, type JsonValue } from '../../../../testing/json/json.ts';
import { readJson } from '../../../../testing/json/read-json.ts';

/** Where a value is in a text of JSON. */
export interface JsonPlace {
  /** Names and indexes, from the outermost. */
  path: readonly string[];
  value: JsonValue;
  /** Nothing is in it: a text, a number, a word, or an empty list or object. */
  leaf: boolean;
  /** The value's first character, and the one after its last. */
  start: number;
  end: number;
  /** Where its name begins; undefined for an element of a list, and for the whole. */
  name?: number;
}

/** Every value in a text as `writeJson` writes it (no blanks), the outer before the inner. */
export function placesIn(text: string): JsonPlace[] {
  const places: JsonPlace[] = [];
  const valueAt = (start: number, path: readonly string[], name?: number): number => {
    const first = text[start];
    const place: JsonPlace = { path, value: null, leaf: true, start, end: start, ...(name !== undefined && { name }) };
    places.push(place);
    if (first === '{' || first === '[') place.end = holderAt(place, first === '{');
    else place.end = first === '"' ? stringEnd(text, start) : tokenEnd(text, start);
    place.value = readJson(text.slice(start, place.end));
    place.leaf = !hasInner(place.value);
    return place.end;
  };
  const holderAt = ({ start, path }: JsonPlace, named: boolean): number => {
    let at = start + 1;
    for (let index = 0; !'}]'.includes(text[at] as string); index += 1) {
      if (text[at] === ',') at += 1;
      const name = named ? at : undefined;
      const nameEnd = named ? stringEnd(text, at) : at;
      const key = named ? (JSON.parse(text.slice(at, nameEnd)) as string) : String(index);
      at = valueAt(named ? nameEnd + 1 : at, [...path, key], name);
    }
    return at + 1;
  };
  valueAt(0, []);
  return places;
}

const hasInner = (value: JsonValue): boolean =>
  Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function tokenEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !',]}'.includes(text[at] as string)) at += 1;
  return at;
}

/** The text without that value, and without its name if it has one. */
export function withoutPlace(text: string, { start, end, name }: JsonPlace): string {
  const from = name ?? start;
  if (text[end] === ',') return text.slice(0, from) + text.slice(end + 1);
  return text.slice(0, text[from - 1] === ',' ? from - 1 : from) + text.slice(end);
}

/** The text with another one in place of that value. */
export const withText = (text: string, { start, end }: JsonPlace, other: string): string =>
  text.slice(0, start) + other + text.slice(end);
