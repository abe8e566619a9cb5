// The menu of `twinproof/ai-sdk`: Codex as a model of the Vercel AI SDK. See docs/ai-sdk.md.

export type { CodexCallSettings, CodexModelMetadata } from './ai-sdk/call-settings.ts';
export { type CodexProvider, codex, createCodex } from './ai-sdk/provider.ts';
export type { CodexProviderOptions } from './ai-sdk/provider-options.ts';
