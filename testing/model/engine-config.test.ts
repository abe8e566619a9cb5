import { expect, test } from 'vitest';
import { engineConfig } from './engine-config.ts';

const url = 'http://127.0.0.1:1/v1';

test('ours comes before any table, and the given lines behind it', () => {
  const config = engineConfig(url, 'features.extra = true\n[mcp_servers.lab]\ncommand = "x"\n');
  expect(config).toContain('model_providers.scripted.base_url = "http://127.0.0.1:1/v1"\n');
  expect(config).toContain('analytics.enabled = false\n');
  expect(config.indexOf('[')).toBe(config.indexOf('[mcp_servers.lab]'));
  expect(config.endsWith('features.extra = true\n[mcp_servers.lab]\ncommand = "x"\n')).toBe(true);
});

test('a key that the given lines set is not set twice', () => {
  const config = engineConfig(url, 'model = "other"\nmodel_providers.scripted.stream_max_retries = 2');
  expect(config.match(/^(model|.*stream_max_retries) = .*$/gm)).toEqual([
    'model = "other"',
    'model_providers.scripted.stream_max_retries = 2',
  ]);
});

test('what would open up the engine, or break the file, is refused', () => {
  expect(() => engineConfig(url, 'analytics.enabled = true')).toThrow('got a line that sets analytics.enabled');
  expect(() => engineConfig(url, 'a = 1\n[features]\nb = true')).toThrow('expected features.NAME = … before any table');
});
