import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { Observation, ObservationBody, ObservationHeader } from '../../observation/types.ts';

const header: ObservationHeader = {
  ...{ kind: 'observation', schemaVersion: 1, scenario: 'seed', client: 'bare', clientVersion: '1.0.0' },
  ...{ engine: 'real', engineVersion: '1.0.0', engineSha256: 'x', platform: 'linux-x64' },
  paths: { root: '/r', workspace: '/r/w', home: '/r/h', codexHome: '/r/c', tmp: '/r/t', launcher: '/r/codex' },
} as ObservationHeader;

/** An observation of these lines, in this order. */
export const observationOf = (...bodies: ObservationBody[]): Observation => ({
  header,
  lines: bodies.map((body, t) => ({ t, ...body })) as Observation['lines'],
});

export const asked = (id: number, method: string): ObservationBody => ({
  ch: 'wire.out',
  msg: { id, method, params: {} },
});
export const answered = (id: number, result: JsonValue): ObservationBody => ({ ch: 'wire.in', msg: { id, result } });
export const told = (method: string, params: JsonObject): ObservationBody => ({
  ch: 'wire.in',
  msg: { method, params },
});
export const logged = (text: string): ObservationBody => ({ ch: 'stderr', text });

export const message = (role: string, text: string): JsonObject => ({
  type: 'message',
  role,
  content: [{ type: 'input_text', text }],
});

export function modelAsked(n: number, input: JsonObject[], over: JsonObject = {}): ObservationBody {
  const body = { model: 'm', instructions: 'Be kind.', tools: [], input, ...over };
  return { ch: 'model.request', n, method: 'POST', path: '/v1/responses', headers: { 'thread-id': 'one' }, body };
}
