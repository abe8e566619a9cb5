import { expectedGot } from '../../native/expected-got.mjs';
import { flag, object, orNull, type Rules, type RulesFor, text, texts, textsByName } from '../options/check-options.ts';
import type { ThreadStartParams, TurnStartParams } from '../protocol/index.ts';
import { type WithoutUnset, withoutUnset } from './unset.ts';

// Fields of the protocol that are options under their own names, sent unchanged. Those that have another name here, or none, are in
// docs/protocol-fields.md; a test compares that page with the contract of each engine.

/** Fields of the protocol that starting, resuming and forking a thread share. An engine that lacks one refuses the call. */
export interface ThreadFields {
  /**
   * When the engine asks before it runs something: `untrusted`, `on-request`, `never`, or by kind (`granular`). Who is asked
   * is a matter of `approvals`. Not together with `approvalMode`, which sets both.
   */
  approvalPolicy?: ThreadStartParams['approvalPolicy'] | undefined;
  /** Name of a permission profile of the engine's settings, instead of `sandbox`. Experimental. */
  permissions?: string | null | undefined;
  /** Folders that count as the workspace, absolute. Experimental. */
  runtimeWorkspaceRoots?: string[] | null | undefined;
}

/** Fields of the protocol for a new thread. */
export interface ThreadStartFields extends ThreadFields {
  /** Whether the provider's default model may stand in for a `model` that it lacks. Experimental. */
  allowProviderModelFallback?: boolean | undefined;
  /** Environments that the thread's commands may run in. Experimental. */
  environments?: ThreadStartParams['environments'] | undefined;
  /** Whether the thread's events also have what the model sends, as it sends it (`rawResponseItem/completed`, `rawResponse/completed`). Experimental. */
  experimentalRawEvents?: boolean | undefined;
  /** How the history is stored. Experimental. */
  historyMode?: ThreadStartParams['historyMode'] | undefined;
  /** Whether the agent may start others by itself. Experimental. */
  multiAgentMode?: ThreadStartParams['multiAgentMode'] | undefined;
  /** Id of the project that the thread belongs to. Experimental. */
  projectId?: string | null | undefined;
  /** Folders with skills and other abilities that the thread gets. Experimental. */
  selectedCapabilityRoots?: ThreadStartParams['selectedCapabilityRoots'] | undefined;
}

/** Fields of the protocol for a fork. */
export interface ThreadForkFields extends ThreadFields {
  /** Whether the fork stays attached to the original thread. Experimental. */
  attachToSource?: boolean | undefined;
  /** The fork has the history before this turn. Experimental. */
  beforeTurnId?: string | null | undefined;
  /** Whether the fork leaves a goal of the original thread alone until it is asked to continue. Experimental. */
  deferGoalContinuation?: boolean | undefined;
  /** The fork has the history up to this turn, and with it. */
  lastTurnId?: string | null | undefined;
}

/** Fields of the protocol for a turn. Those that say so apply from this turn on. */
export interface TurnFields {
  /** More context for the model, by name, with its trust. Experimental. */
  additionalContext?: TurnStartParams['additionalContext'] | undefined;
  /** When the engine asks before it runs something, from this turn on. Not together with `approvalMode`. */
  approvalPolicy?: TurnStartParams['approvalPolicy'] | undefined;
  /** Your own id for the user's message. */
  clientUserMessageId?: string | null | undefined;
  /** Plan mode and its settings, from this turn on. Experimental. */
  collaborationMode?: TurnStartParams['collaborationMode'] | undefined;
  /** The program for cyber work that the account takes part in. Experimental. */
  cyberAccessProgram?: TurnStartParams['cyberAccessProgram'] | undefined;
  /** Plugins that are off from this turn on. */
  disabledPluginIds?: string[] | null | undefined;
  /** Environments that the turn's commands may run in. Experimental. */
  environments?: TurnStartParams['environments'] | undefined;
  /** Whether the agent may start others by itself, from this turn on. Experimental. */
  multiAgentMode?: TurnStartParams['multiAgentMode'] | undefined;
  /** Name of a permission profile of the engine's settings, instead of `sandbox`, from this turn on. Experimental. */
  permissions?: string | null | undefined;
  /** Metadata of the requests to the model. Experimental. */
  responsesapiClientMetadata?: Readonly<Record<string, string>> | null | undefined;
  /** Folders that count as the workspace, absolute, from this turn on. Experimental. */
  runtimeWorkspaceRoots?: string[] | null | undefined;
  /** What commands may access, in full, from this turn on: writable folders, network. Not together with `sandbox`. */
  sandboxPolicy?: TurnStartParams['sandboxPolicy'] | undefined;
}

const textOrObject = {
  expected: 'a string, or an object',
  accepts: (value: unknown) => text.accepts(value) || object.accepts(value),
  nullable: false,
} as const;

const threadFields: RulesFor<ThreadFields> = {
  approvalPolicy: orNull(textOrObject),
  permissions: orNull(text),
  runtimeWorkspaceRoots: orNull(texts),
};

export const threadResumeFields = threadFields;

const list = { expected: 'an array', accepts: Array.isArray, nullable: false } as const;

export const threadStartFields: RulesFor<ThreadStartFields> = {
  ...threadFields,
  allowProviderModelFallback: flag,
  environments: orNull(list),
  experimentalRawEvents: flag,
  historyMode: orNull(text),
  multiAgentMode: orNull(textOrObject),
  projectId: orNull(text),
  selectedCapabilityRoots: orNull(list),
};

export const threadForkFields: RulesFor<ThreadForkFields> = {
  ...threadFields,
  attachToSource: flag,
  beforeTurnId: orNull(text),
  deferGoalContinuation: flag,
  lastTurnId: orNull(text),
};

export const turnFields: RulesFor<TurnFields> = {
  additionalContext: orNull(object),
  approvalPolicy: orNull(textOrObject),
  clientUserMessageId: orNull(text),
  collaborationMode: orNull(object),
  cyberAccessProgram: orNull(text),
  disabledPluginIds: orNull(texts),
  environments: orNull(list),
  multiAgentMode: orNull(textOrObject),
  permissions: orNull(text),
  responsesapiClientMetadata: orNull(textsByName),
  runtimeWorkspaceRoots: orNull(texts),
  sandboxPolicy: orNull(object),
};

/**
 * The fields of a call, in wire form.
 * @throws TypeError where an option says the same as a field
 */
export function fieldsOf<Fields extends object>(call: string, options: Fields, rules: Rules): WithoutUnset<Fields> {
  const given = options as Readonly<Record<string, unknown>>;
  for (const [option, field] of [
    ['approvalMode', 'approvalPolicy'],
    ['sandbox', 'sandboxPolicy'],
    ['sandbox', 'permissions'],
  ] as const) {
    if (given[option] == null || given[field] == null || !(field in rules)) continue;
    throw new TypeError(
      expectedGot(`reading the options of ${call}`, `${option} or ${field}`, 'both', 'They set the same, so give one'),
    );
  }
  return withoutUnset(
    Object.fromEntries(Object.keys(rules).map((name) => [name, given[name]])),
  ) as WithoutUnset<Fields>;
}
