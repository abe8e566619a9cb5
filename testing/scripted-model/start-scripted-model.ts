import { startLoopbackServer } from './loopback-server.ts';
import { createScriptedModel, type ScriptedModelOptions, type ScriptedRequest } from './scripted-model.ts';
import type { ModelAnswer } from './types.ts';

/** A scripted model on a port of its own. */
export interface RunningScriptedModel {
  /** `http://127.0.0.1:PORT`; the engine's `base_url` is this and `/v1`. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ScriptedRequest[];
  /** Answers that no request has asked for. */
  unconsumed(): ModelAnswer[];
  /** Ends every open connection at once. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a scripted Responses API on loopback, at a free port.
 * @throws Error when the port cannot be opened.
 */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<RunningScriptedModel> {
  const model = createScriptedModel(options);
  const server = await startLoopbackServer((request, response) => void model.handle(request, response));
  return {
    url: server.url,
    port: server.port,
    requests: model.requests,
    unconsumed: model.unconsumed,
    close() {
      model.close();
      return server.close();
    },
  };
}
