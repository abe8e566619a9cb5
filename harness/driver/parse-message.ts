import { isObject, type JsonValue } from '../../testing/json/json.ts';
import { readJson, replacedMembers } from '../../testing/json/read-json.ts';
import { capabilities, isGuest } from '../clients/clients.ts';
import { timed } from '../observation/observation-file.ts';
import { driverProtocolVersion, type FromDriver, type HelloMessage } from './protocol.ts';

/** A driver wrote something that is not part of the protocol, or at a time when it may not. */
export class DriverProtocolError extends Error {
  override readonly name = 'DriverProtocolError';
}

const types = ['hello', 'line', 'done', 'failed'];

/** What a member of a line must be. */
type Kind = 'text' | 'object' | 'value' | 'number' | 'boolean';

const holds: Record<Kind, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  object: isObject,
  value: (value) => value !== undefined,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
};

const words: Record<Kind, string> = {
  text: 'a string',
  object: 'an object',
  value: 'a value',
  number: 'a number',
  boolean: 'true or false',
};

/** The members that each line of a driver must have: what reads an observation relies on them. */
const members: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  call: { lane: 'text', op: 'text', args: 'object' },
  result: { lane: 'text', op: 'text', value: 'value' },
  error: { lane: 'text', op: 'text', error: 'object' },
  event: { lane: 'text', method: 'text', payload: 'object', known: 'boolean' },
  end: { lane: 'text', op: 'text' },
  request: { method: 'text', params: 'value', reply: 'object' },
  hang: { lane: 'text', op: 'text', step: 'number' },
  mark: { mark: 'text' },
  telemetry: { name: 'text', message: 'object' },
  rest: { when: 'text', held: 'object' },
};

/** Parses one line of a driver's stdout. Throws DriverProtocolError with the start of the line. */
export function parseDriverMessage(line: string): FromDriver {
  let message: JsonValue;
  try {
    message = readJson(line);
  } catch (cause) {
    const advice = 'stdout is for messages alone, so print diagnostics to stderr';
    throw new DriverProtocolError(`wrote to stdout what is not JSON: ${quote(line)}; ${advice}`, { cause });
  }
  const doubled = replacedMembers(line, message);
  if (doubled !== undefined)
    throw new DriverProtocolError(`wrote ${Object.keys(doubled).join(', ')} more than once: ${quote(line)}`);
  const type = isObject(message) ? message['type'] : undefined;
  if (!isObject(message) || typeof type !== 'string' || !types.includes(type)) {
    throw new DriverProtocolError(`wrote a message of no known type (${types.join(', ')}): ${quote(line)}`);
  }
  if (type !== 'hello' && typeof message['run'] !== 'string') {
    throw new DriverProtocolError(`wrote a ${type} without its run: ${quote(line)}`);
  }
  if (type === 'failed' && typeof message['message'] !== 'string') {
    throw new DriverProtocolError(`wrote a failed without its message: ${quote(line)}`);
  }
  const said = message as unknown as FromDriver;
  if (said.type !== 'line') return said;
  const { t, line: body } = timed(said);
  checkBody(t, body, line);
  return { ...said, t, line: body };
}

function checkBody(t: unknown, body: unknown, line: string): void {
  const refuse = (expected: string) => new DriverProtocolError(`wrote a line without ${expected}: ${quote(line)}`);
  if (typeof t !== 'number') throw refuse('t, the nanoseconds of the monotonic clock');
  if (!isObject(body)) throw refuse('a line in it');
  const ch = String(body['ch']);
  const needed = Object.hasOwn(members, ch) ? members[ch] : undefined;
  if (needed === undefined) throw refuse(`a channel that drivers write (ch: ${Object.keys(members).join(', ')})`);
  for (const [name, kind] of Object.entries(needed))
    if (!holds[kind](body[name])) throw refuse(`${name} of the channel ${ch}, ${words[kind]}`);
  const { error } = body;
  if (isObject(error) && (typeof error['class'] !== 'string' || typeof error['message'] !== 'string'))
    throw refuse('class and message of the error, two strings');
}

/**
 * The first message of a driver.
 * @param client whose driver it is; undefined: a guest's, which names itself
 * @throws DriverProtocolError unless it is that client's hello
 */
export function requireHello(message: FromDriver, client: string | undefined): HelloMessage {
  if (message.type !== 'hello')
    throw new DriverProtocolError(`wrote the wrong first message: expected hello, got ${message.type}`);
  if (message.protocol !== driverProtocolVersion) {
    throw new DriverProtocolError(
      `speaks another protocol: expected ${driverProtocolVersion}, got ${message.protocol}`,
    );
  }
  if (client !== undefined && message.client !== client)
    throw new DriverProtocolError(`is another client: expected ${client}, got ${message.client}`);
  if (client === undefined && !(typeof message.client === 'string' && isGuest(message.client))) {
    const expected = 'small letters, digits and "-", and not the name of a known client';
    throw new DriverProtocolError(`has no name of its own in hello: expected ${expected}, got ${say(message.client)}`);
  }
  if (typeof message.clientVersion !== 'string')
    throw new DriverProtocolError(
      `said hello without clientVersion: expected a string, got ${say(message.clientVersion)}`,
    );
  const given: unknown = message.capabilities;
  const unknown = Array.isArray(given) ? given.filter((one) => !capabilities.includes(one)) : [given];
  if (unknown.length > 0)
    throw new DriverProtocolError(
      `said hello with other capabilities: expected a list of ${capabilities.join(', ')}, got ${say(unknown)}`,
    );
  return message;
}

const say = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

const quote = (line: string): string => JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
