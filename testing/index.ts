// The menu of `twinproof/testing`: engines and models for tests. See docs/testing.md.

export type { CallHook } from '../sdk/hooks/options.ts';
export { ExactNumber } from './json/exact-number.ts';
export type { JsonObject, JsonValue } from './json/json.ts';
export { type ListeningEngine, type ListenOptions, listen } from './listen/listen.ts';
export type { Ask, Emit, Loose, MemoryAnswer, MemoryContext, MemoryHandlers } from './memory/handlers.ts';
export { type MemoryEngine, memoryEngine } from './memory/memory-engine.ts';
export type { SentMessage } from './memory/sent-messages.ts';
export type { ModelAnswer, ModelFailure, ModelPart, ModelToolCall, ModelUsage } from './model/model-answer.ts';
export type { ModelRequest } from './model/model-request.ts';
export { type ScriptedModel, type ScriptedModelOptions, scriptedModel } from './model/scripted-model.ts';
export { type FakeEngine, type FakeEngineOptions, fakeEngine } from './play/fake-engine.ts';
export { type PlayDifference, PlayError, type PlayReport } from './play/play-report.ts';
export type { PlayedEngine } from './play/played-engine.ts';
export { type ReplayOptions, replay } from './play/replay.ts';
export type { ScriptBytes, ScriptSaying, ScriptStep, ScriptSteps } from './play/script-types.ts';
export { type Recorder, type Recording, type RecordOptions, record } from './record/record.ts';
