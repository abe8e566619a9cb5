import type { SchemaObject } from '../../harness/contract/types.ts';
import { type Gaps, refuseGaps } from './gaps.ts';

/**
 * The engine's schema does not say which type answers a request. Nearly always the name tells (`XParams` → `XResponse`, or the
 * method in capitals); these are the requests where it does not.
 */
const exceptions: Record<string, string> = {
  'account/gatewayOAuth/cancel': 'GatewayOAuthCancelResponse',
  'account/gatewayOAuth/login': 'GatewayOAuthLoginResponse',
  'account/gatewayOAuth/read': 'GatewayOAuthReadResponse',
  'account/logout': 'LogoutAccountResponse',
  'account/securitySetup/read': 'GetAccountSecuritySetupResponse',
  'account/workspaceMessages/read': 'GetWorkspaceMessagesResponse',
  'accountSession/list': 'AccountSessionsResponse',
  'config/batchWrite': 'ConfigWriteResponse',
  'config/mcpServer/reload': 'McpServerRefreshResponse',
  'config/value/write': 'ConfigWriteResponse',
  'externalAgentConfig/import/readHistories': 'ExternalAgentConfigImportHistoriesReadResponse',
  'modelProvider/default/set': 'ConfigWriteResponse',
};

/**
 * The name of the type that answers `method`. It is a gap when neither the table nor the name leads to a type that exists;
 * then the name is that which the method leads to.
 */
export function resultType(
  method: string,
  params: string | null,
  types: Record<string, SchemaObject>,
  gaps: Gaps = refuseGaps,
): string {
  const byMethod = `${inCapitals(method)}Response`;
  // A type without that end would be found as its own answer.
  const byParams = params?.endsWith('Params') ? params.replace(/Params$/, 'Response') : undefined;
  const tried = [exceptions[method], byParams, byMethod];
  const found = tried.find((name) => name !== undefined && types[name] !== undefined);
  if (found === undefined) {
    const names = [...new Set(tried.filter((name) => name !== undefined))].join(', ');
    gaps.tell(`Finding the result of ${method}: saw none of ${names}; add it to the table of exceptions`);
  }
  return found ?? byMethod;
}

/** `thread/start` → `ThreadStart`. */
export function inCapitals(method: string): string {
  return method
    .split('/')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Result types that answer nothing: a sign that a method was given the wrong one. */
export function unusedResultTypes(used: ReadonlySet<string>, types: Record<string, SchemaObject>): string[] {
  return Object.keys(types).filter(
    (name) => name.endsWith('Response') && name !== 'JSONRPCResponse' && !used.has(name),
  );
}
