import type { Contract, SchemaObject } from '../../contract/types.ts';
import type { Change } from '../types.ts';

/** A change that is made in a copy of a real contract, and what must be said of it: the first expected change is the seed, others follow from it. */
export interface ContractSeed {
  name: string;
  make(contract: Contract): void;
  expected: Pick<Change, 'what' | 'place' | 'class' | 'classes'>[];
}

const breaking = 'breaking';
const behaviour = 'behaviour';
const additive = 'additive';

const type = ({ schema }: Contract, name: string): SchemaObject => schema.definitions[name] as SchemaObject;
const fields = (contract: Contract, name: string) => type(contract, name).properties as Record<string, SchemaObject>;
const variant = (contract: Contract, name: string, tag: string) =>
  type(contract, name).oneOf?.find((one) => JSON.stringify(one).includes(`"enum":["${tag}"]`)) as SchemaObject;
const drop = (list: unknown[] | undefined, value: unknown) => void list?.splice(list.indexOf(value), 1);
const rename = (of: Record<string, unknown>, from: string, to: string) => {
  of[to] = of[from];
  delete of[from];
};

/** Made over the contract of 0.163.0. */
export const contractSeeds: readonly ContractSeed[] = [
  {
    name: 'a request that is gone',
    make: ({ methods }) => void delete methods.clientRequests['turn/interrupt'],
    expected: [
      {
        what: 'method-removed',
        place: 'turn/interrupt',
        class: breaking,
        classes: { sent: breaking, received: breaking },
      },
    ],
  },
  {
    name: 'a notification that is gone',
    make: ({ methods }) => void delete methods.serverNotifications['turn/completed'],
    expected: [{ what: 'method-removed', place: 'turn/completed', class: breaking, classes: { received: breaking } }],
  },
  {
    name: 'a new request',
    make: ({ methods }) => {
      methods.clientRequests['thread/pin'] = {
        params: 'ThreadArchiveParams',
        paramsRequired: true,
        result: 'ThreadArchiveResponse',
        stability: 'stable',
      };
    },
    expected: [
      { what: 'method-added', place: 'thread/pin', class: additive, classes: { sent: additive, received: additive } },
    ],
  },
  {
    name: 'a new server request: nobody answers it yet',
    make: ({ methods }) => {
      methods.serverRequests['item/web/requestApproval'] = {
        params: 'FileChangeRequestApprovalParams',
        paramsRequired: true,
        result: 'FileChangeRequestApprovalResponse',
        stability: 'stable',
      };
    },
    expected: [
      {
        what: 'method-added',
        place: 'item/web/requestApproval',
        class: behaviour,
        classes: { sent: additive, received: behaviour },
      },
    ],
  },
  {
    name: 'a renamed request',
    make: ({ methods }) => rename(methods.clientRequests, 'thread/name/set', 'thread/title/set'),
    expected: [
      { what: 'renamed', place: 'thread/name/set', class: breaking, classes: { sent: breaking, received: breaking } },
    ],
  },
  {
    name: 'a renamed type',
    make: (contract) => {
      rename(contract.schema.definitions, 'TokenUsageBreakdown', 'TokenUsageDetails');
      const text = JSON.stringify(contract.schema).replaceAll('/TokenUsageBreakdown"', '/TokenUsageDetails"');
      contract.schema = JSON.parse(text);
    },
    expected: [{ what: 'renamed', place: 'TokenUsageBreakdown', class: breaking, classes: { received: breaking } }],
  },
  {
    name: 'a request that became experimental',
    make: ({ methods }) =>
      void Object.assign(methods.clientRequests['thread/list'] ?? {}, { stability: 'experimental' }),
    expected: [
      {
        what: 'stability-moved',
        place: 'thread/list',
        class: breaking,
        classes: { sent: breaking, received: breaking },
      },
    ],
  },
  {
    name: 'a field that became stable',
    make: ({ methods }) => drop(methods.experimentalFields.TurnStartParams, 'environments'),
    expected: [
      { what: 'stability-moved', place: 'TurnStartParams.environments', class: additive, classes: { sent: additive } },
    ],
  },
  {
    name: 'params that must be there',
    make: ({ methods }) => {
      const entry = methods.clientRequests['modelProvider/capabilities/read'];
      if (entry !== undefined) Object.assign(entry, { params: 'ThreadArchiveParams', paramsRequired: true });
    },
    expected: [
      {
        what: 'params-changed',
        place: 'modelProvider/capabilities/read',
        class: breaking,
        classes: { sent: breaking },
      },
    ],
  },
  {
    name: 'another method of the same shape is none that was renamed',
    make: ({ methods, schema }) => {
      delete methods.serverRequests['currentTime/read'];
      rename(schema.definitions, 'CurrentTimeReadParams', 'ThreadMemoryReadParams');
    },
    expected: [
      { what: 'type-removed', place: 'CurrentTimeReadParams', class: breaking, classes: { received: breaking } },
      { what: 'type-added', place: 'ThreadMemoryReadParams', class: additive, classes: {} },
      {
        what: 'method-removed',
        place: 'currentTime/read',
        class: breaking,
        classes: { sent: breaking, received: breaking },
      },
    ],
  },
  {
    name: 'params that may be left out',
    make: ({ methods }) => {
      const entry = methods.clientRequests['modelProvider/capabilities/read'];
      if (entry !== undefined) Object.assign(entry, { params: 'ModelListParams', paramsRequired: false });
    },
    expected: [
      {
        what: 'params-changed',
        place: 'modelProvider/capabilities/read',
        class: additive,
        classes: { sent: additive },
      },
    ],
  },
  {
    name: 'a field that all variants of a union gain',
    make: (contract) => {
      Object.assign(type(contract, 'ThreadItem'), { type: 'object', properties: { cost: { type: 'number' } } });
    },
    expected: [{ what: 'field-added', place: 'ThreadItem.cost', class: additive, classes: { received: additive } }],
  },
  {
    name: 'another type of result',
    make: ({ methods }) =>
      void Object.assign(methods.clientRequests['turn/interrupt'] ?? {}, { result: 'ThreadReadResponse' }),
    expected: [{ what: 'result-changed', place: 'turn/interrupt', class: additive, classes: { received: additive } }],
  },
  {
    name: 'a new required field that is sent',
    make: (contract) => {
      fields(contract, 'ThreadSetNameParams').author = { type: 'string' };
      type(contract, 'ThreadSetNameParams').required?.push('author');
    },
    expected: [
      { what: 'field-added', place: 'ThreadSetNameParams.author', class: breaking, classes: { sent: breaking } },
    ],
  },
  {
    name: 'a new optional field that is sent',
    make: (contract) => {
      fields(contract, 'ThreadSetNameParams').author = { type: ['string', 'null'] };
    },
    expected: [
      { what: 'field-added', place: 'ThreadSetNameParams.author', class: additive, classes: { sent: additive } },
    ],
  },
  {
    name: 'a new field that is received',
    make: (contract) => {
      fields(contract, 'Turn').cost = { type: 'number', format: 'double' };
      type(contract, 'Turn').required?.push('cost');
    },
    expected: [{ what: 'field-added', place: 'Turn.cost', class: additive, classes: { received: additive } }],
  },
  {
    name: 'a field that is no longer received',
    make: (contract) => void delete fields(contract, 'Turn').durationMs,
    expected: [{ what: 'field-removed', place: 'Turn.durationMs', class: breaking, classes: { received: breaking } }],
  },
  {
    name: 'a field that can no longer be sent',
    make: (contract) => void delete fields(contract, 'ThreadListParams').searchTerm,
    expected: [
      { what: 'field-removed', place: 'ThreadListParams.searchTerm', class: breaking, classes: { sent: breaking } },
    ],
  },
  {
    name: 'a renamed field',
    make: (contract) => rename(fields(contract, 'Turn'), 'durationMs', 'turnDurationMs'),
    expected: [{ what: 'renamed', place: 'Turn.durationMs', class: breaking, classes: { received: breaking } }],
  },
  {
    name: 'a sent field that became required',
    make: (contract) => void Object.assign(type(contract, 'ModelListParams'), { required: ['limit'] }),
    expected: [
      { what: 'required-added', place: 'ModelListParams.limit', class: breaking, classes: { sent: breaking } },
    ],
  },
  {
    name: 'a received field that became optional',
    make: (contract) => drop(type(contract, 'Turn').required, 'status'),
    expected: [{ what: 'required-removed', place: 'Turn.status', class: breaking, classes: { received: breaking } }],
  },
  {
    name: 'a received field that may be null',
    make: (contract) => void Object.assign(fields(contract, 'Turn'), { id: { type: ['string', 'null'] } }),
    expected: [{ what: 'null-added', place: 'Turn.id', class: breaking, classes: { received: breaking } }],
  },
  {
    name: 'a sent field that may no longer be null',
    make: (contract) => void Object.assign(fields(contract, 'ModelListParams'), { cursor: { type: 'string' } }),
    expected: [{ what: 'null-removed', place: 'ModelListParams.cursor', class: breaking, classes: { sent: breaking } }],
  },
  {
    name: 'a received number in place of a text',
    make: (contract) => void Object.assign(fields(contract, 'Turn'), { id: { type: 'integer', format: 'int64' } }),
    expected: [{ what: 'type-changed', place: 'Turn.id', class: breaking, classes: { received: breaking } }],
  },
  {
    name: 'a text in place of an absolute path',
    make: (contract) => void Object.assign(fields(contract, 'Thread'), { cwd: { type: 'string' } }),
    expected: [{ what: 'type-changed', place: 'Thread.cwd', class: behaviour, classes: { received: behaviour } }],
  },
  {
    name: 'a text or an object where there was a text, received',
    make: (contract) => {
      fields(contract, 'TurnError').message = { anyOf: [{ type: 'string' }, { $ref: '#/definitions/Turn' }] };
    },
    expected: [
      {
        what: 'union-in-place-of-value',
        place: 'TurnError.message',
        class: breaking,
        classes: { received: breaking },
      },
    ],
  },
  {
    name: 'a text or a list where there was a text, sent',
    make: (contract) => {
      const list: SchemaObject = { type: 'array', items: { type: 'string' } };
      fields(contract, 'ThreadSetNameParams').name = { anyOf: [{ type: 'string' }, list] };
    },
    expected: [
      {
        what: 'union-in-place-of-value',
        place: 'ThreadSetNameParams.name',
        class: additive,
        classes: { sent: additive },
      },
    ],
  },
  {
    name: 'a value of a closed enum that is no longer taken',
    make: (contract) => drop(type(contract, 'SandboxMode').enum, 'danger-full-access'),
    expected: [
      {
        what: 'enum-value-removed',
        place: 'SandboxMode=danger-full-access',
        class: breaking,
        classes: { sent: breaking, received: behaviour },
      },
    ],
  },
  {
    name: 'a new value of a closed enum that is received',
    make: (contract) => void type(contract, 'TurnStatus').enum?.push('paused'),
    expected: [
      { what: 'enum-value-added', place: 'TurnStatus=paused', class: behaviour, classes: { received: behaviour } },
    ],
  },
  {
    name: 'a value of an enum in another spelling',
    make: (contract) => {
      const { enum: values = [] } = type(contract, 'SandboxMode');
      values[values.indexOf('read-only')] = 'readOnly';
    },
    expected: [
      {
        what: 'renamed',
        place: 'SandboxMode=read-only',
        class: breaking,
        classes: { sent: breaking, received: breaking },
      },
    ],
  },
  {
    name: 'a closed enum that became any text',
    make: (contract) => void delete type(contract, 'TurnStatus').enum,
    expected: [{ what: 'openness-changed', place: 'TurnStatus', class: behaviour, classes: { received: behaviour } }],
  },
  {
    name: 'a new variant of an item',
    make: (contract) => {
      const text: SchemaObject = { type: 'string' };
      type(contract, 'ThreadItem').oneOf?.push({
        type: 'object',
        properties: { id: text, type: { type: 'string', enum: ['poem'] } },
        required: ['id', 'type'],
      });
    },
    expected: [
      { what: 'variant-added', place: 'ThreadItem{poem}', class: behaviour, classes: { received: behaviour } },
    ],
  },
  {
    name: 'a variant of an item that is gone',
    make: (contract) => drop(type(contract, 'ThreadItem').oneOf, variant(contract, 'ThreadItem', 'plan')),
    expected: [
      { what: 'variant-removed', place: 'ThreadItem{plan}', class: breaking, classes: { received: breaking } },
    ],
  },
  {
    name: 'a kind of input that is no longer taken',
    make: (contract) => drop(type(contract, 'UserInput').oneOf, variant(contract, 'UserInput', 'image')),
    expected: [
      {
        what: 'variant-removed',
        place: 'UserInput{image}',
        class: breaking,
        classes: { sent: breaking, received: breaking },
      },
    ],
  },
  {
    name: 'another default',
    make: (contract) =>
      void Object.assign(fields(contract, 'TurnError'), {
        additionalDetails: { type: ['string', 'null'], default: '' },
      }),
    expected: [
      {
        what: 'default-changed',
        place: 'TurnError.additionalDetails',
        class: behaviour,
        classes: { received: behaviour },
      },
    ],
  },
  {
    name: 'a shorter range of what is sent',
    make: (contract) => {
      fields(contract, 'ModelListParams').limit = { type: ['integer', 'null'], format: 'uint8', minimum: 0 };
    },
    expected: [{ what: 'limit-changed', place: 'ModelListParams.limit', class: breaking, classes: { sent: breaking } }],
  },
  {
    name: 'a wider range of what is received',
    make: (contract) => void Object.assign(fields(contract, 'Turn'), { durationMs: { type: ['integer', 'null'] } }),
    expected: [{ what: 'limit-changed', place: 'Turn.durationMs', class: behaviour, classes: { received: behaviour } }],
  },
  {
    name: 'a list of another thing',
    make: (contract) =>
      void Object.assign(fields(contract, 'ModelListResponse'), { data: { type: 'array', items: { type: 'string' } } }),
    expected: [
      { what: 'type-changed', place: 'ModelListResponse.data[]', class: breaking, classes: { received: breaking } },
    ],
  },
  {
    name: 'a new type that no message has',
    make: ({ schema }) => void Object.assign(schema.definitions, { Lonely: { type: 'object' } }),
    expected: [{ what: 'type-added', place: 'Lonely', class: additive, classes: {} }],
  },
  {
    name: 'a new word of an enum that is open',
    make: (contract) => {
      const words = type(contract, 'CodexErrorInfo').anyOf?.find(
        (one) => typeof one === 'object' && one.enum !== undefined,
      ) as SchemaObject;
      words.enum?.push('bioPolicy');
    },
    expected: [
      {
        what: 'enum-value-added',
        place: 'CodexErrorInfo=bioPolicy',
        class: behaviour,
        classes: { received: behaviour },
      },
    ],
  },
  {
    name: 'params that may be given where there were none',
    make: ({ methods }) => {
      const entry = methods.clientRequests['account/gatewayOAuth/read'];
      if (entry !== undefined) Object.assign(entry, { params: 'ThreadArchiveParams', paramsRequired: false });
    },
    expected: [
      {
        what: 'params-changed',
        place: 'account/gatewayOAuth/read',
        class: additive,
        classes: { sent: additive },
      },
    ],
  },
  {
    name: 'a field of which another one may stand in the place',
    make: (contract) => {
      const audio = variant(contract, 'UserInput', 'audio');
      const { url, ...others } = audio.properties as Record<string, SchemaObject>;
      Object.assign(audio, {
        properties: others,
        required: ['type'],
        anyOf: [
          { type: 'object', properties: { url }, required: ['url'] },
          { type: 'object', properties: { fileId: { type: 'string' } }, required: ['fileId'] },
        ],
      });
    },
    expected: [
      {
        what: 'union-in-place-of-value',
        place: 'UserInput{audio}',
        class: breaking,
        classes: { sent: additive, received: breaking },
      },
    ],
  },
];
