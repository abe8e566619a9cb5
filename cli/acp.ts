import { serveAcp } from '../sdk/acp.ts';
import type { Command } from './command.ts';

export const acp: Command = {
  description: `Serves Codex as an agent of the Agent Client Protocol on stdin and stdout, for editors such as Zed.
The editor starts it. It needs the package @agentclientprotocol/sdk, and an engine ("npx twinproof doctor").`,
  args: {},
  async run({ signal }) {
    await serveAcp({ signal });
    return 0;
  },
};
