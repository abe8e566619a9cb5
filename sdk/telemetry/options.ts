import { callback, flag, object, type Rule } from '../options/check-options.ts';

/** A `TracerProvider` of `@opentelemetry/api`. */
export interface TracerProviderLike {
  /** Makes the tracer of this package. */
  getTracer(name: string, version?: string): object;
}

/** A `MeterProvider` of `@opentelemetry/api`. */
export interface MeterProviderLike {
  /** Makes the meter of this package. */
  getMeter(name: string, version?: string): object;
}

/** Spans and metrics for OpenTelemetry. Needs the package `@opentelemetry/api`. */
export interface TelemetryOptions {
  /** Default: the one that your program has registered. */
  tracerProvider?: TracerProviderLike | undefined;
  /** Default: the one that your program has registered. */
  meterProvider?: MeterProviderLike | undefined;
  /**
   * Whether spans and the messages of channels have what is said: prompts, answers, commands, their output. What looks like a key or a token is
   * taken out of spans. Default: false.
   */
  content?: boolean | undefined;
}

/** Where log records go: a logger of pino's kind, whose methods take fields and a text. Methods that it does not have are not called. */
export interface Logger {
  /** Requests, items, tools, tokens, questions. */
  debug?(fields: object, message: string): void;
  /** The beginning and the end of clients, threads and turns; approvals. */
  info?(fields: object, message: string): void;
  /** Requests that failed, notifications that were let go. */
  warn?(fields: object, message: string): void;
  /** Turns that failed, engines that exited, connections that could not be made. */
  error?(fields: object, message: string): void;
}

const provider = (method: string): Rule => ({
  expected: `an object with ${method}()`,
  accepts: (value) => has(value, method),
  nullable: false,
});

const has = (value: unknown, method: string): boolean =>
  typeof value === 'object' && value !== null && callback.accepts((value as Record<string, unknown>)[method]);

const rules = { tracerProvider: provider('getTracer'), meterProvider: provider('getMeter'), content: flag };

const accepts = (value: unknown): boolean =>
  object.accepts(value) &&
  Object.entries(value as Record<string, unknown>).every(
    ([name, one]) =>
      one === undefined || (Object.hasOwn(rules, name) && rules[name as keyof typeof rules].accepts(one)),
  );

export const telemetryRule: Rule = {
  expected: 'an object with tracerProvider, meterProvider and content, each of its kind',
  accepts,
  nullable: false,
};

export const loggerRule: Rule = {
  expected: 'an object with some of debug(), info(), warn() and error()',
  accepts: (value) => ['debug', 'info', 'warn', 'error'].some((level) => has(value, level)),
  nullable: false,
};
