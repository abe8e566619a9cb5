import { CodexError } from '../errors/codex-error.ts';
import { quoted } from '../errors/python-text.ts';
import type { JsonObject } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';

/**
 * What the engine reported about itself (Python: `InitializeResponse`). Further members are as the engine sent them.
 */
export interface InitializeMetadata {
  userAgent: string;
  /**
   * The real engine sends none. Name and version are then read from `userAgent`, which starts with the *client's* name.
   */
  serverInfo: { name: string; version: string; [key: string]: unknown };
  platformFamily?: string;
  platformOs?: string;
  codexHome?: string;
  [key: string]: unknown;
}

/**
 * Checks and completes the answer to `initialize`.
 * @throws CodexError if the user agent, the name or the version is missing or not a string
 */
export function initializeMetadata(answer: JsonObject): InitializeMetadata {
  const userAgent = trimmed('userAgent', answer.userAgent);
  const server = answer.serverInfo ?? {};
  if (!isObject(server)) throw refused('initialize response: serverInfo must be an object');
  const parsed = splitUserAgent(userAgent);
  const name = trimmed('serverInfo.name', server.name) || parsed.name;
  const version = trimmed('serverInfo.version', server.version) || parsed.version;
  if (!userAgent || !name || !version) {
    throw refused(
      'initialize response missing required metadata ' +
        `(user_agent=${quoted(userAgent)}, server_name=${quoted(name)}, server_version=${quoted(version)})`,
    );
  }
  return { ...answer, userAgent: String(answer.userAgent), serverInfo: { ...server, name, version } };
}

function trimmed(field: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw refused(`initialize response: ${field} must be a string, not ${typeof value}`);
  return value.trim();
}

function refused(message: string): CodexError {
  return new CodexError(message, { kind: 'protocol', action: 'initialize' });
}

/** `NAME/VERSION …` or `NAME VERSION …`: the version is everything after the name. */
function splitUserAgent(userAgent: string): { name: string; version: string } {
  const slash = userAgent.indexOf('/');
  const end = slash >= 0 ? slash : userAgent.search(/\s/);
  if (end < 0) return { name: userAgent, version: '' };
  return { name: userAgent.slice(0, end).trim(), version: userAgent.slice(end + 1).trim() };
}
