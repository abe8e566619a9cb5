import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { textOf } from '../../testing/engine/wire-log.ts';
import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import { readJson } from '../../testing/json/read-json.ts';
import { matchesPayload } from '../scenario/match-payload.ts';
import { engineStarts, readWireLog, type WireRecord } from './wire-log.ts';

/** Messages of the engine to wait for. */
export interface WantedWire {
  method: string;
  /** Keys of the params, as in the scenario's `await`. */
  match: JsonObject;
  times: number;
}

/** The engine has ended without the messages that were waited for: they can never come. */
export class EngineEndedError extends Error {
  override readonly name = 'EngineEndedError';
}

/**
 * Resolves once the engines of a run have written this many messages of that kind, according to the wire log.
 * @throws the signal's reason if it aborts first; EngineEndedError as soon as the app-server has ended without them; Error if the log cannot be read
 */
export async function awaitWire(wireLog: string, wanted: WantedWire, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = (settle: () => void): void => {
      watcher.close();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const look = (): void => {
      try {
        const records = readWireLog(wireLog);
        if (seen(records, wanted) >= wanted.times) end(resolve);
        else if (hasEnded(records))
          end(() => reject(new EngineEndedError(`${wanted.method} never came: the engine has ended`)));
      } catch (error) {
        end(() => reject(error));
      }
    };
    const onAbort = (): void => end(() => reject(signal.reason));
    // Watches the folder, because the file exists only once an engine has been started.
    const watcher = watch(dirname(wireLog), (_event, name) => {
      if (name === null || name === basename(wireLog)) look();
    });
    watcher.on('error', (error) => end(() => reject(error)));
    signal.addEventListener('abort', onAbort);
    look();
  });
}

/** A run of `exec` is followed by others, and what asks an engine for its schema ends by itself: neither says that nothing more comes. */
function hasEnded(records: readonly WireRecord[]): boolean {
  const argvs = records.flatMap((record) => (record.ch === 'spawn' ? [record.argv] : []));
  const servers = engineStarts(records).filter((_, start) => isServer(argvs[start] ?? []));
  return servers.length > 0 && servers.every(({ exited }) => exited);
}

const isServer = (argv: readonly string[]): boolean =>
  argv.includes('app-server') && !argv.includes('generate-json-schema');

function seen(records: readonly WireRecord[], { method, match }: WantedWire): number {
  return records.filter((record) => {
    if (record.ch !== 'in' || record.partial) return false;
    const message = parsed(textOf(record));
    return isObject(message) && message.method === method && matchesPayload(message.params, match);
  }).length;
}

function parsed(text: string): JsonValue {
  try {
    return readJson(text);
  } catch {
    return null; // A fault of the engine on purpose: no message of any method.
  }
}
