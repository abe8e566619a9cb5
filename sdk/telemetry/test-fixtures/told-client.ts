import type { LifeCycleMessages, LifeCycleName } from '../life-cycle.ts';
import { openTelemetry } from '../open-telemetry.ts';
import { exporters } from './exporters.ts';

/**
 * The sink of a client that has started, told one message at a time.
 * @param method of the requests that it is told of, unless a message says another
 */
export async function toldClient(content: boolean, method: string) {
  const { spans, metrics, reader, tracerProvider, meterProvider } = exporters();
  const sink = (await openTelemetry())({ tracerProvider, meterProvider, content });
  const of = { connection: 1, threadId: 'th', turnId: 't', itemId: 'i', requestId: '1', method };
  const tell = <N extends LifeCycleName>(name: N, message: object = {}) =>
    sink.take(name, { ...of, ...message } as unknown as LifeCycleMessages[N]);
  tell('client.starting', { clientName: 'test' });
  const points = async (name: string) => {
    await reader.forceFlush();
    const all =
      metrics
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics: some }) => some) ?? [];
    return all.filter(({ descriptor }) => descriptor.name === name).flatMap(({ dataPoints }) => [...dataPoints]);
  };
  return { sink, tell, spans, points, tracerProvider };
}
