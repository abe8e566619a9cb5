import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, onTestFinished, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { ApprovalMode, Codex, Sandbox } from '../../sdk/index.ts';
import { scriptedModel } from '../index.ts';

const { path: codexBin } = await resolveEngine();

/** A place that the engine exports its spans to, and those that have come. */
async function collector() {
  const spans: { traceId: string; parentSpanId?: string; name: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    for (const { scopeSpans } of body.resourceSpans ?? []) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { spans, port: (server.address() as AddressInfo).port };
}

test("the engine's spans of a turn join the span of the turn", async () => {
  const { spans, port } = await collector();
  const model = await scriptedModel(
    [{ call: { name: 'exec_command', arguments: { cmd: 'echo out' } } }, { message: 'done' }],
    { codexBin },
  );
  onTestFinished(() => model.close());
  const own = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(own)] });
  const exporter = `{ otlp-http = { endpoint = "http://127.0.0.1:${port}/v1/traces", protocol = "json" } }`;
  const overrides = [...(model.config.configOverrides ?? []), `otel.trace_exporter=${exporter}`];
  const codex = new Codex({ ...model.config, configOverrides: overrides, telemetry: { tracerProvider } });
  const thread = await codex.threadStart({ sandbox: Sandbox.fullAccess, approvalMode: ApprovalMode.denyAll });
  await thread.run('go');
  // The engine writes what it has when it ends.
  await codex.close();
  const turn = own.getFinishedSpans().find(({ name }) => name === 'invoke_agent codex');
  const { traceId, spanId } = turn?.spanContext() ?? {};
  const joined = spans.filter((span) => span.traceId === traceId);
  expect(joined.length).toBeGreaterThan(0);
  expect(joined.some((span) => span.parentSpanId === spanId)).toBe(true);
  expect(own.getFinishedSpans().map(({ name }) => name)).toContain('execute_tool shell');
});
