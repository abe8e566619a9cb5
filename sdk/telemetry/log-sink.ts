import { errorText } from '../redact/error-text.ts';
import { redactText } from '../redact/secret-forms.ts';
import { isSecretName } from '../redact/secret-names.ts';
import { isObject } from '../rpc/is-object.ts';
import type { LifeCycleMessages, LifeCycleName, LifeCycleSink } from './life-cycle.ts';
import type { Logger } from './options.ts';

type Level = keyof Logger;

/** What is not `debug`. */
const levels: Partial<Record<LifeCycleName, Level>> = {
  'client.started': 'info',
  'client.closed': 'info',
  'client.failed': 'error',
  'engine.exited': 'error',
  'request.failed': 'warn',
  'thread.started': 'info',
  'turn.started': 'info',
  'turn.completed': 'info',
  'turn.failed': 'error',
  'approval.answered': 'info',
  'notifications.dropped': 'warn',
};

/** Writes one record for each message: its fields without what is said, and without keys, tokens and passwords. */
export function logSink(logger: Logger): LifeCycleSink {
  return {
    take<N extends LifeCycleName>(name: N, message: LifeCycleMessages[N]): unknown {
      const level = levels[name] ?? 'debug';
      if (!logger[level]) return undefined;
      const { item: _item, params: _params, ...fields } = message as { item?: unknown; params?: unknown };
      return logger[level]?.(
        { event: `twinproof.${name}`, ...(withoutSecrets(fields) as object) },
        `twinproof.${name}`,
      );
    },
  };
}

/** A copy as plain data, with what its names or its form tell to be a secret taken out. Messages are no deeper than a few levels. */
function withoutSecrets(value: unknown, name = '', depth = 0): unknown {
  if (value instanceof Error) return errorFields(value);
  if (typeof value === 'string') return isSecretName(name) ? '<redacted>' : redactText(value);
  if (depth > 8) return undefined;
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one, name, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutSecrets(one, key, depth + 1)]));
}

const errorFields = (error: Error) => ({
  name: error.name,
  message: errorText(error),
  ...('kind' in error && { kind: error.kind }),
});
