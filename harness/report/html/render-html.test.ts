import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { buildReportModel } from '../build-model.ts';
import { SampleRun } from '../test-fixtures/sample-run.ts';
import { renderHtml } from './render-html.ts';

const hostile = '</script><script>alert(1)</script><!--<script>\u2028\u2029&amp;\ud800';

test('the model reads back equal, and nothing of it can end its element', () => {
  const run = new SampleRun();
  run.unjudged({ scenario: '</script>', client: 'ts', engine: 'real', verdict: 'could-not-run', reason: hostile });
  const model = buildReportModel(run.input());
  const html = renderHtml(model);
  const [, embedded = ''] = /<script type="application\/octet-stream" id="model">([^<]*)<\/script>/.exec(html) ?? [];
  expect(JSON.parse(gunzipSync(Buffer.from(embedded, 'base64')).toString())).toEqual(model);
  expect(embedded).toMatch(/^[\w+/=]+$/);
  expect(html.match(/<script/g)).toHaveLength(2);
});

test('the policy allows this program and this style alone', () => {
  const html = renderHtml(buildReportModel(new SampleRun().input()));
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});
