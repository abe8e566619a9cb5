/** Keeps the engine on this machine: without these it calls release, plugin and account hosts at its start. */
const local: readonly [key: string, value: string][] = [
  ['check_for_update_on_startup', 'false'],
  ['analytics.enabled', 'false'],
  ['feedback.enabled', 'false'],
  ['features.plugins', 'false'],
  ['features.apps', 'false'],
  ['features.remote_plugin', 'false'],
  ['otel.exporter', '"none"'],
  ['otel.trace_exporter', '"none"'],
  ['otel.metrics_exporter', '"none"'],
];

/**
 * The engine's `config.toml` for one cell. All of ours is written as dotted keys before any table, so that a scenario's own lines may
 * set top-level keys, add to the same tables (`features.NAME = true`) and open new ones. A key of ours that a
 * scenario sets too (`model`, `model_providers.scripted.stream_max_retries`) is left to the scenario.
 * @param modelUrl the scripted model's address with `/v1`
 * @throws Error when the scenario's lines would open up the engine to the network, or cannot stand behind ours.
 */
export function cellConfig(modelUrl: string, scenarioConfig = ''): string {
  const scripted = (key: string, value: string): [string, string] => [`model_providers.scripted.${key}`, value];
  const provider: readonly [string, string][] = [
    ['model', '"gpt-5.5"'],
    ['model_provider', '"scripted"'],
    scripted('name', '"scripted"'),
    scripted('base_url', JSON.stringify(modelUrl)),
    scripted('wire_api', '"responses"'),
    scripted('env_key', '"SCRIPTED_KEY"'),
    scripted('request_max_retries', '0'),
    scripted('stream_max_retries', '0'),
    scripted('supports_websockets', 'false'),
  ];
  const set = topLevelKeys(scenarioConfig);
  for (const [key] of local) {
    if (set.has(key))
      throw new Error(`Writing config.toml: the scenario sets ${key}, which keeps the engine on this machine`);
  }
  const table = /^\s*\[\s*(analytics|feedback|features|otel|model_providers\.scripted)\s*\]/m.exec(scenarioConfig);
  if (table) {
    throw new Error(
      `Writing config.toml: the scenario opens the table [${table[1]}], which exists; wanted ${table[1]}.NAME = … before any table`,
    );
  }
  const ours = [...local, ...provider].filter(([key]) => !set.has(key)).map(([key, value]) => `${key} = ${value}`);
  return `${[...ours, scenarioConfig.trim()].join('\n').trimEnd()}\n`;
}

/** Keys set before the first table header. */
function topLevelKeys(toml: string): Set<string> {
  const keys = new Set<string>();
  for (const line of toml.split('\n')) {
    if (/^\s*\[/.test(line)) break;
    const key = /^\s*([A-Za-z0-9_.-]+)\s*=/.exec(line)?.[1];
    if (key !== undefined) keys.add(key);
  }
  return keys;
}
