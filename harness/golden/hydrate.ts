import { type JsonObject, type JsonValue, mapChildren } from '../../testing/json/json.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import type { Observation, ObservationBody, ObservationLine } from '../observation/types.ts';
import { RequestFiller } from './hydrate-request.ts';
import { fillText, standInClient, standInPaths, uuidOf, wholeValues } from './stand-ins.ts';

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
