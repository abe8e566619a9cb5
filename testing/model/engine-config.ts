import { expectedGot } from '../../native/expected-got.mjs';

/**
 * Keeps the engine on this machine: without these settings it calls release, plugin and account hosts when it starts.
 */
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
 * The engine's `config.toml` for the scripted model. Our settings are dotted keys before any table, so that the lines
 * of a test or a scenario may set top-level keys, add to the same tables (`features.NAME = true`) and open new ones. A
 * key of ours that they also set (`model`, `model_providers.scripted.stream_max_retries`) is left to them.
 * @param modelUrl the scripted model's URL with `/v1`
 * @param more lines of TOML
 * @throws Error if those lines would open the engine to the network, or cannot follow ours
 */
export function engineConfig(modelUrl: string, more = ''): string {
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
  const set = topLevelKeys(more);
  for (const [key] of local) {
    if (set.has(key))
      throw new Error(
        expectedGot('writing config.toml', 'lines that keep the engine on this machine', `a line that sets ${key}`),
      );
  }
  const table = /^\s*\[\s*(analytics|feedback|features|otel|model_providers\.scripted)\s*\]/m.exec(more);
  if (table) {
    const name = table[1] ?? '';
    throw new Error(
      expectedGot(
        'writing config.toml',
        `${name}.NAME = … before any table`,
        `the table [${name}], which is open already`,
      ),
    );
  }
  const ours = [...local, ...provider].filter(([key]) => !set.has(key)).map(([key, value]) => `${key} = ${value}`);
  return `${[...ours, more.trim()].join('\n').trimEnd()}\n`;
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
