/** The test kit's menu. */
export { Latches } from './scripted-model/latches.ts';
export { type LoopbackServer, startLoopbackServer } from './scripted-model/loopback-server.ts';
export {
  createScriptedModel,
  type ScriptedModel,
  type ScriptedModelOptions,
  type ScriptedRequest,
} from './scripted-model/scripted-model.ts';
export { type RunningScriptedModel, startScriptedModel } from './scripted-model/start-scripted-model.ts';
export type {
  JsonObject,
  JsonValue,
  ModelAnswer,
  ModelFailure,
  ModelPart,
  ModelToolCall,
  ModelUsage,
} from './scripted-model/types.ts';
