import type { APICallError } from '@ai-sdk/provider';
import { CodexError, JsonRpcError, TurnFailedError } from '../index.ts';
import { isObject } from '../rpc/is-object.ts';
import { optionalPeer, rethrow } from '../schema/optional-peer.ts';

/** Makes the errors that the AI SDK knows. */
export interface ProviderErrors {
  APICallError: typeof APICallError;
}

/** @throws CodexError with `kind` `install` if `@ai-sdk/provider` is not installed */
export async function loadErrors(): Promise<ProviderErrors> {
  return await optionalPeer('@ai-sdk/provider', 'calling a model of twinproof/ai-sdk', async () => {
    const { APICallError } = await import(/* webpackIgnore: true */ /* @vite-ignore */ '@ai-sdk/provider').catch(
      rethrow,
    );
    return { APICallError };
  });
}

/** What the engine's word for a failure is as a status of HTTP, for those that read statuses. */
const statuses: Readonly<Record<string, number>> = {
  unauthorized: 401,
  badRequest: 400,
  contextWindowExceeded: 400,
  sessionBudgetExceeded: 429,
  usageLimitExceeded: 429,
  serverOverloaded: 503,
  internalServerError: 500,
};

/**
 * A failure of a turn as an `APICallError`, whose `isRetryable` the AI SDK reads. What the program did wrong (`TypeError`), and a missing package, stay
 * as they are.
 */
export function apiCallError(error: unknown, { APICallError }: ProviderErrors, threadId?: string): unknown {
  if (!(error instanceof CodexError) || error.kind === 'install') return error;
  const info = error instanceof TurnFailedError ? (error.result.error?.codexErrorInfo ?? undefined) : undefined;
  const statusCode =
    statusOf(info) ?? (error instanceof JsonRpcError && error.kind !== 'server-busy' ? 400 : undefined);
  return new APICallError({
    message: error.message,
    url: `codex:${error.action ?? error.kind}`,
    requestBodyValues: threadId === undefined ? {} : { threadId },
    ...(statusCode !== undefined && { statusCode }),
    isRetryable: error.retryable,
    data: { kind: error.kind, ...(info !== undefined && { codexErrorInfo: info }) },
    cause: error,
  });
}

/** @param info the engine's `codexErrorInfo`: a word, or an object of one with its details */
function statusOf(info: unknown): number | undefined {
  if (typeof info === 'string') return statuses[info];
  const detail = isObject(info) ? Object.values(info)[0] : undefined;
  return isObject(detail) && typeof detail.httpStatusCode === 'number' ? detail.httpStatusCode : undefined;
}

/** The AI SDK's `NoSuchModelError`, which it tells by its marks: providers throw it before anything can be loaded. */
export function noSuchModel(modelType: 'embeddingModel' | 'imageModel', modelId: string): Error {
  const name = 'AI_NoSuchModelError';
  return Object.assign(new Error(`No such ${modelType}: ${modelId}`), {
    ...{ name, modelId, modelType },
    [Symbol.for('vercel.ai.error')]: true,
    [Symbol.for(`vercel.ai.error.${name}`)]: true,
  });
}
