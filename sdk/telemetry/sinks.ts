import type { LifeCycleSink } from './life-cycle.ts';
import type { Logger, TelemetryOptions } from './options.ts';

/** Who is told of a connection besides the channels. @throws CodexError if a package is missing that an option needs */
export async function sinksOf({
  telemetry,
  logger,
}: {
  telemetry?: TelemetryOptions | undefined;
  logger?: Logger | undefined;
}): Promise<LifeCycleSink[]> {
  const sinks: LifeCycleSink[] = [];
  if (telemetry) sinks.push(await (await import('./open-telemetry.ts')).openTelemetry(telemetry));
  if (logger) sinks.push((await import('./log-sink.ts')).logSink(logger));
  return sinks;
}
