import { expect, test } from 'vitest';
import { buildMethods } from './build-methods.ts';

const text = { type: 'string' };
const request = (method: string, params: object, required: string[] = []): object => ({
  type: 'object',
  properties: { id: text, method: { enum: [method], type: 'string' }, params },
  required,
});
const bundle = (requests: object[], types: object): Record<string, unknown> => ({
  definitions: {
    ClientRequest: { oneOf: requests },
    ClientNotification: { oneOf: [request('initialized', { type: 'null' })] },
    ServerRequest: { oneOf: [] },
    ServerNotification: { oneOf: [] },
    v2: types,
  },
});
const start = request('thing/start', { $ref: '#/definitions/v2/ThingStartParams' }, ['id', 'method', 'params']);
const stop = request('thing/stop', { anyOf: [{ $ref: '#/definitions/v2/HaltParams' }, { type: 'null' }] }, [
  'id',
  'method',
]);
const types = {
  ThingStartParams: { type: 'object', properties: { now: text } },
  ThingStartResponse: { type: 'object' },
  HaltParams: { type: 'object' },
  HaltResponse: { type: 'object' },
};
const stableTypes = { ThingStartParams: { type: 'object', properties: {} }, ThingStartResponse: { type: 'object' } };

test('methods get params, result and stability; what only the experimental schema has is listed', () => {
  const methods = buildMethods({
    version: '1.0.0',
    experimental: bundle([stop, start], types),
    stable: bundle([start], stableTypes),
  });
  expect(methods.clientRequests).toEqual({
    'thing/start': {
      params: 'ThingStartParams',
      paramsRequired: true,
      result: 'ThingStartResponse',
      stability: 'stable',
    },
    'thing/stop': { params: 'HaltParams', paramsRequired: false, result: 'HaltResponse', stability: 'experimental' },
  });
  expect(methods.clientNotifications).toEqual({ initialized: { params: null, stability: 'stable' } });
  expect(methods.experimentalTypes).toEqual(['HaltParams', 'HaltResponse']);
  expect(methods.experimentalFields).toEqual({ ThingStartParams: ['now'] });
});

test('a request without a result type, and a result type without a request, are refused', () => {
  const { HaltResponse: _, ...missing } = types;
  const build = (of: object): unknown =>
    buildMethods({ version: '1.0.0', experimental: bundle([stop, start], of), stable: bundle([], {}) });
  expect(() => build(missing)).toThrow('Finding the result of thing/stop');
  expect(() => build({ ...types, LostResponse: { type: 'object' } })).toThrow('nothing is answered by LostResponse');
});
