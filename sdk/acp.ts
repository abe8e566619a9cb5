// The menu of `twinproof/acp`: Codex as an agent of the Agent Client Protocol. See docs/acp.md.

export type { AcpOptions } from './acp/options.ts';
export { serveAcp } from './acp/serve.ts';
