import { createHash } from 'node:crypto';
import { escapedPlaceholder } from '../../testing/golden/placeholders.ts';
import { isObject, type JsonObject, type JsonValue, mapChildren } from '../../testing/json/json.ts';
import { readJson } from '../../testing/json/read-json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import { conversationOf } from '../normalise/model-request.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import type { CellPaths, Observation, ObservationBody, ObservationLine } from '../observation/types.ts';

/**
 * The inverse of `normalise`: an observation in which every placeholder has a value of its kind, so that normalising it
 * gives the golden again. Deterministic. All times are the same, ids are UUIDs made from their placeholders, folders
 * belong to no run. What rules drop entirely (stderr, host facts) is in no golden and does not come back. For model
 * requests, see `RequestFiller`.
 */
export function hydrate(golden: NormalisedObservation): Observation {
  const { scenario, client, engineVersion } = golden.header;
  const facts = { ...clientFacts, '<engine.version>': engineVersion };
  const requests = new RequestFiller();
  const fill = (value: JsonValue): JsonValue => fillValue(value, facts);
  return {
    header: {
      kind: 'observation',
      schemaVersion: 1,
      scenario,
      client: client as Observation['header']['client'],
      clientVersion: '',
      clientInfo: standInClient,
      // Rules for the timing of a real engine do not apply here: a golden contains none of it.
      engine: 'fake',
      engineVersion,
      engineSha256: '',
      platform: '',
      paths: standInPaths,
    },
    lines: golden.lines.map(
      (line, t): ObservationLine => ({
        t,
        ...(fill({ ch: line.ch, ...bodyOf(line, requests) }) as unknown as ObservationBody),
      }),
    ),
  };
}

function bodyOf(line: NormalisedLine, requests: RequestFiller): JsonObject {
  if (line.ch === 'model.request') return requests.fill(line);
  if (line.ch === 'exit' && line.body.code === '<closed>') return { ...line.body, code: 0 };
  return line.body;
}

/** The client of no SDK. */
const standInClient = { name: 'some_sdk', title: 'Some SDK', version: '4.5.6' };

const clientFacts = {
  '<client.name>': standInClient.name,
  '<client.title>': standInClient.title,
  '<client.version>': standInClient.version,
};

function fillValue(value: JsonValue, facts: Readonly<Record<string, string>>): JsonValue {
  if (typeof value === 'string') {
    // Own properties only: a text may be `toString`.
    if (Object.hasOwn(wholeValues, value)) return wholeValues[value] as JsonValue;
    if (/^<request:\d+>$/.test(value)) return uuidOf(value);
    const numbered = /^<numeric-request:(\d+)>$/.exec(value);
    if (numbered !== null) return Number(numbered[1]);
    // The engine numbers its requests from 0.
    const asked = /^<server-request:(\d+)>$/.exec(value);
    return asked === null ? fillText(value, facts) : Number(asked[1]) - 1;
  }
  return mapChildren(
    value,
    (inner) => fillValue(inner, facts),
    (key) => fillText(key, facts),
  );
}

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
class RequestFiller {
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

/** The folders of no run, laid out like a cell's. */
const standInPaths: CellPaths = {
  root: '/cell',
  workspace: '/cell/workspace',
  home: '/cell/home',
  codexHome: '/cell/codex-home',
  tmp: '/cell/tmp',
  launcher: '/cell/codex',
};

const seconds = 1_795_392_000;

/** What replaces a placeholder that is a whole value of a type other than text. */
const wholeValues: Readonly<Record<string, number>> = {
  '<seconds>': seconds,
  '<millis>': seconds * 1000,
  '<duration>': 7,
  '<gauge>': 4096,
};

/** What replaces a placeholder inside a text. */
const texts: Readonly<Record<string, string>> = {
  '<duration>': '0.007',
  '<seconds>': String(seconds),
  '<process>': '4242',
  '<port>': '4243',
  '<date>': '2026-11-23',
  '<moment>': '2026-11-23T00:00:00.000Z',
  '<rollout-moment>': '2026-11-23T00-00-00',
  '/<y>/<m>/<d>/': '/2026/11/23/',
  '<cursor>': 'cursor-1',
  '<config-version>': `sha256:${'0'.repeat(64)}`,
  '<chunk>': 'fa4e00',
  '<host>': 'machine',
  '<os>': 'Linux 1.0; x86_64',
  '<term>': 'dumb',
  '<stderr>': 'a line of the log',
  '<engine>': '/opt/codex',
  ...Object.fromEntries(Object.entries(standInPaths).map(([name, path]) => [`<${name}>`, path])),
};

/** A UUID, the same for the same name. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A placeholder, or what was said and looks like one: both in one pass, since what is filled in may look like one, too. */
const idOrName = new RegExp(
  `${escapedPlaceholder.source}|<(?:thread|turn|item|id):[^<>]+>|<[a-zA-Z.-]+>|/<y>/<m>/<d>/`,
  'g',
);

/** Fills every placeholder in a text. A text that only looks like one (`<shell>` in a prompt) stays. */
function fillText(text: string, facts: Readonly<Record<string, string>>): string {
  if (!text.includes('<')) return text;
  return text.replace(idOrName, (seen) => {
    if (seen === '<\\') return '<';
    return /^<(?:thread|turn|item|id):/.test(seen) ? uuidOf(seen) : (facts[seen] ?? texts[seen] ?? seen);
  });
}
