import type { JsonObject, JsonValue } from '../../exact-json.ts';

/** The contract as in `fixtures/contract/VERSION/`. */
export interface WholeContract {
  methods: {
    clientRequests: Methods;
    clientNotifications: Methods;
    serverRequests: Methods;
    serverNotifications: Methods;
    experimentalTypes: string[];
    experimentalFields: Record<string, string[]>;
  };
  definitions: Record<string, JsonObject>;
}
/** `unlisted`: it has a file, but is not in the union of all messages. */
type Methods = Record<string, { params: string | null; result?: string; stability: string; unlisted?: true }>;

const draft = { $schema: 'http://json-schema.org/draft-07/schema#' };

/**
 * What `generate-json-schema` writes, by file, in the engine's layout (0.171.0): the types of a message's params or
 * result, each with the types it needs; the unions of all messages; and everything in one file.
 * @param experimental includes what only the experimental API has
 */
export function schemaFiles(contract: WholeContract, experimental: boolean): Map<string, JsonObject> {
  const definitions = experimental ? contract.definitions : stableDefinitions(contract);
  const all = { ...definitions, ...unions(contract, experimental) };
  const folders = foldersOf(contract, experimental, definitions);
  const files = new Map<string, JsonObject>();
  for (const [name, folder] of folders) {
    const needed = [...closure([name], all)].filter((other) => other !== name).sort();
    const inner =
      needed.length > 0 ? { definitions: Object.fromEntries(needed.map((one) => [one, all[one] ?? {}])) } : {};
    files.set(`${folder}${name}.json`, { ...draft, title: name, ...all[name], ...inner });
  }
  const roots = [...folders].filter(([name, folder]) => folder !== 'v2/' && definitions[name] !== undefined);
  const inRoot = closure(
    roots.map(([name]) => name),
    definitions,
  );
  for (const name of Object.keys(unions(contract, experimental))) inRoot.add(name);
  const two = new Map<string, JsonValue>();
  const one = new Map<string, JsonValue>();
  for (const name of Object.keys(all).sort()) (inRoot.has(name) ? one : two).set(name, moved(all[name] ?? {}, inRoot));
  const spaces = { ...Object.fromEntries(one), v2: Object.fromEntries(two) };
  const bundle = 'codex_app_server_protocol';
  const title = 'CodexAppServerProtocol';
  files.set(`${bundle}.schemas.json`, { ...draft, title, type: 'object', definitions: spaces });
  const spoken = new Set([...closure(['ClientRequest', 'ServerNotification'], all), ...two.keys()]);
  const today = Object.fromEntries([...spoken].sort().map((name) => [name, all[name] ?? {}]));
  files.set(`${bundle}.v2.schemas.json`, { ...draft, title: `${title}V2`, type: 'object', definitions: today });
  return files;
}

/** Which types have their own file, and in which folder. */
function foldersOf(contract: WholeContract, experimental: boolean, definitions: Record<string, JsonObject>) {
  const { clientRequests, serverRequests, serverNotifications } = contract.methods;
  const typesOf = (methods: Methods) =>
    Object.values(methods)
      .filter(({ stability, unlisted }) => experimental || unlisted || stability !== 'experimental')
      .flatMap(({ params, result }) => [params, result])
      .filter((name) => typeof name === 'string');
  const server = new Set(typesOf(serverRequests));
  const folders = new Map<string, string>();
  const put = (name: string) => {
    // Params that may be omitted have a file that says so: a type or null.
    const named = Object.hasOwn(definitions, `Nullable${name}`) ? `Nullable${name}` : name;
    const root = server.has(name) || /^(FuzzyFileSearch|JSONRPC|RequestId$)/.test(name);
    folders.set(named, /^Initialize/.test(name) ? 'v1/' : root ? '' : 'v2/');
  };
  for (const name of [...typesOf(clientRequests), ...typesOf(serverNotifications), ...server]) put(name);
  for (const name of Object.keys(definitions))
    if (/^JSONRPC|^RequestId$|(?:Rpc|ModelProvider)Error$/.test(name)) put(name);
  for (const name of Object.keys(unions(contract, experimental))) folders.set(name, '');
  return folders;
}

/** The unions of all messages, one variant per method. */
function unions({ methods }: WholeContract, experimental: boolean): Record<string, JsonObject> {
  const union = (entries: Methods, withId: boolean): JsonObject => ({
    oneOf: Object.entries(entries)
      .filter(([, { stability, unlisted }]) => !unlisted && (experimental || stability !== 'experimental'))
      .map(([method, { params }]) => ({
        type: 'object',
        properties: {
          ...(withId && { id: { $ref: '#/definitions/RequestId' } }),
          method: { type: 'string', enum: [method] },
          ...(params !== null && { params: { $ref: `#/definitions/${params}` } }),
        },
        required: [...(withId ? ['id'] : []), 'method', ...(params !== null ? ['params'] : [])],
      })),
  });
  return {
    ClientRequest: union(methods.clientRequests, true),
    ClientNotification: union(methods.clientNotifications, false),
    ServerRequest: union(methods.serverRequests, true),
    ServerNotification: union(methods.serverNotifications, false),
  };
}

function stableDefinitions({ definitions, methods }: WholeContract): Record<string, JsonObject> {
  const hidden = new Set(methods.experimentalTypes);
  const kept = Object.entries(definitions).filter(([name]) => !hidden.has(name));
  return Object.fromEntries(kept.map(([name, type]) => [name, without(type, methods.experimentalFields[name] ?? [])]));
}

/** A type without some of its fields. */
export function without(type: JsonObject, fields: readonly string[]): JsonObject {
  if (fields.length === 0) return type;
  const left = { ...(type.properties as JsonObject | undefined) };
  for (const field of fields) delete left[field];
  const required = Array.isArray(type.required) ? type.required.filter((name) => !fields.includes(String(name))) : [];
  const { required: _was, ...rest } = type;
  return { ...rest, properties: left, ...(required.length > 0 && { required }) };
}

/** The types, and everything they refer to. */
function closure(names: readonly string[], definitions: Record<string, JsonObject>): Set<string> {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const [, inner] of JSON.stringify(definitions[name] ?? {}).matchAll(/"#\/definitions\/([^"]+)"/g))
      if (inner !== undefined) open.push(inner);
  }
  return found;
}

/** In the bundle of everything, the current types are one level deeper. */
function moved(type: JsonObject, inRoot: ReadonlySet<string>): JsonValue {
  const text = JSON.stringify(type).replace(/"#\/definitions\/([^"]+)"/g, (all, name: string) =>
    inRoot.has(name) ? all : `"#/definitions/v2/${name}"`,
  );
  return JSON.parse(text) as JsonValue;
}
