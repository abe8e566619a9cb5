import type { ClientIdentity } from '../../observation/types.ts';
import type { ValueRule } from '../types.ts';

/** How an exec client names itself. */
const originatorVariable = 'CODEX_INTERNAL_ORIGINATOR_OVERRIDE';

const agentEnd = / \(([^;()]+); ([^()]+)\)$/;

/** `NAME/ENGINE (OS) TERM (NAME; VERSION)`, or what an SDK takes for the version in it: everything after the slash. */
function inAgent(agent: string, { name, version }: ClientIdentity): string {
  const named = agent.startsWith(`${name}/`) ? `<client.name>${agent.slice(name.length)}` : agent;
  return named.replace(agentEnd, (_, saidName: string, saidVersion: string) => {
    const shownName = saidName === name ? '<client.name>' : saidName;
    return ` (${shownName}; ${saidVersion === version ? '<client.version>' : saidVersion})`;
  });
}

/**
 * Each SDK names itself, and the engine repeats the name. Only what the driver declares about its SDK is replaced. A
 * client that sends another name, or none, shows, where it sends it and wherever the engine repeats it.
 */
export const clientIdentity: ValueRule = {
  name: 'client-identity',
  reason: 'every SDK has a name, title and version of its own, which its driver declares',
  apply(value, { key, path, line }, { header: { clientInfo } }) {
    // What a scenario contains does not come from the client.
    if (clientInfo === undefined || key === undefined || typeof value !== 'string' || line.ch === 'call')
      return undefined;
    const owner = path.at(-2);
    if (owner === 'clientInfo' && (key === 'name' || key === 'title' || key === 'version'))
      return value === clientInfo[key] ? `<client.${key}>` : undefined;
    if (key === 'originator' || key === originatorVariable || (owner === 'serverInfo' && key === 'name'))
      return value === clientInfo.name ? '<client.name>' : undefined;
    if (!/^user[-_]?agent$/i.test(key) && !(owner === 'serverInfo' && key === 'version')) return undefined;
    const out = inAgent(value, clientInfo);
    return out === value ? undefined : out;
  },
};
