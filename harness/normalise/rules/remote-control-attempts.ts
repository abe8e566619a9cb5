import { isObject, type JsonValue } from '../../../testing/json/json.ts';
import type { LineRule } from '../types.ts';

const attempts = new Set<JsonValue | undefined>(['connecting', 'errored']);

/**
 * `remoteControl/status/changed` between on and off: one engine reported "connecting" again before "errored", another
 * had no time for either.
 */
export const remoteControlAttempts: LineRule = {
  name: 'remote-control-attempt',
  reason: 'how often remote control tries to connect before it is switched off is a matter of time',
  apply(line) {
    if (line.ch === 'event') return isAttempt(line.method, line.payload) ? null : undefined;
    if (line.ch !== 'wire.in' || !isObject(line.msg)) return undefined;
    return isAttempt(line.msg.method, line.msg.params) ? null : undefined;
  },
};

const isAttempt = (method: JsonValue | undefined, params: JsonValue | undefined): boolean =>
  method === 'remoteControl/status/changed' && isObject(params) && attempts.has(params.status);
