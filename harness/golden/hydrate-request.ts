import { isObject, type JsonObject, type JsonValue, mapChildren } from '../../testing/json/json.ts';
import { readJson } from '../../testing/json/read-json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import { conversationOf } from '../normalise/model-request.ts';
import type { NormalisedLine } from '../normalise/types.ts';

const digest = /^<sha256:([0-9a-f]+) of (\d+)>$/;
/** Texts of up to 400 characters are shown, not hashed. */
const standInLength = 401;
const laneId = /<id:([^<>#]+)#(\d+)>/g;

/**
 * Turns a trimmed model request into a whole one that is trimmed to the same: earlier items of its conversation are put
 * back before the new ones, and a text that is known only by its digest becomes a stand-in, the same for the same
 * digest and long enough to be hashed too. Its digest differs, so goldens are compared `withoutDigests`. Ids in what
 * was trimmed away are named in `client_metadata`, which is trimmed away too, so that later ids keep their numbers.
 */
export class RequestFiller {
  readonly #conversations = new Map<string, JsonValue[]>();
  #n = 0;

  fill(line: NormalisedLine): JsonObject {
    this.#n += 1;
    const { body } = line.body;
    if (!isObject(body)) return { ...line.body, n: this.#n };
    const { inputBefore, ...rest } = standIns(body) as JsonObject;
    const conversation = conversationOf(line.body) ?? '';
    const earlier = this.#conversations.get(conversation) ?? [];
    const input = [...earlier.slice(0, Number(inputBefore)), ...(Array.isArray(rest.input) ? rest.input : [])];
    this.#conversations.set(conversation, input);
    return { ...line.body, n: this.#n, body: { client_metadata: idsUpToHere(line), ...rest, input } };
  }
}

/** The lane's own ids, from the first to the highest in the line. */
function idsUpToHere(line: NormalisedLine): string[] {
  const owner = line.lane.replace(/[<>]/g, '');
  const numbers = [...writeJson(line.body).matchAll(laneId)].flatMap(([, name, number]) =>
    name === owner ? Number(number) : [],
  );
  return Array.from({ length: Math.max(0, ...numbers) }, (_, index) => `<id:${owner}#${index + 1}>`);
}

function standIns(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return mapChildren(value, standIns);
  const [, name, length] = digest.exec(value) ?? [];
  if (name === undefined) return value;
  return name.padEnd(Math.min(Number(length), standInLength), 'x');
}

/** A line without its digests, for comparing a golden with its normalised hydrated observation. */
export function withoutDigests(line: NormalisedLine): NormalisedLine {
  if (line.ch !== 'model.request') return line;
  return readJson(writeJson(line).replace(/<sha256:[0-9a-f]+ of \d+>/g, '<sha256>')) as unknown as NormalisedLine;
}
