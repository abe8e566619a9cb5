import type { EngineKind } from '../clients/clients.ts';
import { holds } from '../judging/holds.ts';
import type { Channel } from '../observation/types.ts';

const none: ReadonlySet<Channel> = new Set();
const withoutEngine: ReadonlySet<Channel> = new Set<Channel>(['model.request', 'file']);
const withoutModel: ReadonlySet<Channel> = new Set<Channel>(['model.request']);

/**
 * Channels that a cell does not share with its golden. A replay has no model and writes no files. With a script there
 * is no other engine that could write a file, so those that its scenario checks are the client's own.
 */
export function ignoredChannels(engine: EngineKind, scripted: boolean): ReadonlySet<Channel> {
  if (!holds('replay-lacks-model', engine === 'fake')) return none;
  return !holds('replay-writes-no-files', !scripted) ? withoutModel : withoutEngine;
}
