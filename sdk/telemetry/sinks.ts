import type { LifeCycleSink } from './life-cycle.ts';
import type { Logger, TelemetryOptions } from './options.ts';
import { attempt } from './session-telemetry.ts';

/** Who is told of a connection besides the channels. @throws CodexError if a package is missing that an option needs */
export async function sinksOf({
  telemetry,
  logger,
}: {
  telemetry?: TelemetryOptions | undefined;
  logger?: Logger | undefined;
}): Promise<LifeCycleSink[]> {
  const sinks: LifeCycleSink[] = [];
  if (telemetry) {
    const make = await (await import('./open-telemetry.ts')).openTelemetry();
    const spans = attempt(() => make(telemetry));
    if (spans) sinks.push(spans);
  }
  if (logger) sinks.push((await import('./log-sink.ts')).logSink(logger));
  return sinks;
}
