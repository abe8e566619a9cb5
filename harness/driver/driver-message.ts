import { readJson } from '../../testing/json/read-json.ts';
import { timed } from '../observation/observation-file.ts';
import { driverProtocolVersion, type FromDriver, type HelloMessage } from './protocol.ts';

const types = ['hello', 'line', 'done', 'failed'];

/** A driver wrote something that is not part of the protocol, or at a time when it may not. */
export class DriverProtocolError extends Error {
  override readonly name = 'DriverProtocolError';
}

/** Parses one line of a driver's stdout. Throws DriverProtocolError with the start of the line. */
export function parseDriverMessage(line: string): FromDriver {
  let message: unknown;
  try {
    message = readJson(line);
  } catch (cause) {
    throw new DriverProtocolError(`wrote to stdout what is not JSON: ${quote(line)}`, { cause });
  }
  const type = typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  if (typeof type !== 'string' || !types.includes(type)) {
    throw new DriverProtocolError(`wrote a message of no known type (${types.join(', ')}): ${quote(line)}`);
  }
  if (type !== 'hello' && typeof (message as { run?: unknown }).run !== 'string') {
    throw new DriverProtocolError(`wrote a ${type} without its run: ${quote(line)}`);
  }
  const said = message as FromDriver;
  return said.type === 'line' ? { ...said, line: timed(said.line) } : said;
}

/** Throws DriverProtocolError unless the first message is this client's hello. */
export function requireHello(message: FromDriver, client: string): HelloMessage {
  if (message.type !== 'hello')
    throw new DriverProtocolError(`wrote the wrong first message: expected hello, got ${message.type}`);
  if (message.protocol !== driverProtocolVersion) {
    throw new DriverProtocolError(
      `speaks another protocol: expected ${driverProtocolVersion}, got ${message.protocol}`,
    );
  }
  if (message.client !== client)
    throw new DriverProtocolError(`is another client: expected ${client}, got ${message.client}`);
  return message;
}

function quote(line: string): string {
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}
