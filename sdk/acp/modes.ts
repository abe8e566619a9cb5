import type { SessionConfigOption, SessionModeState } from '@agentclientprotocol/sdk';
import { Sandbox } from '../index.ts';
import type { Model } from '../protocol/index.ts';

/** What a session lets the agent do. */
interface Mode {
  id: string;
  name: string;
  description: string;
  sandbox: Sandbox;
  approvalPolicy: 'on-request' | 'never';
}

const modes: readonly Mode[] = [
  {
    id: 'read-only',
    name: 'Read only',
    description: 'Reads files. Asks before it changes any, and before it uses the network.',
    sandbox: Sandbox.readOnly,
    approvalPolicy: 'on-request',
  },
  {
    id: 'auto',
    name: 'Auto',
    description: 'Changes files of the project and runs commands. Asks before anything else.',
    sandbox: Sandbox.workspaceWrite,
    approvalPolicy: 'on-request',
  },
  {
    id: 'full-access',
    name: 'Full access',
    description: 'Does everything, and asks nothing.',
    sandbox: Sandbox.fullAccess,
    approvalPolicy: 'never',
  },
];

/** The mode that a session begins with. */
export const firstMode = 'auto';

/** The settings of a mode; undefined if there is none of this name. */
export function modeSettings(id: string): Pick<Mode, 'sandbox' | 'approvalPolicy'> | undefined {
  const mode = modes.find((one) => one.id === id);
  return mode && { sandbox: mode.sandbox, approvalPolicy: mode.approvalPolicy };
}

export const modeNames = (): string => modes.map(({ id }) => id).join(', ');

export function modeState(currentModeId: string): SessionModeState {
  const availableModes = modes.map(({ id, name, description }) => ({ id, name, description }));
  return { currentModeId, availableModes };
}

/** What a user has chosen for a session. */
export interface Choice {
  model?: string | undefined;
  effort?: string | undefined;
}

/** The model of the session, and how hard it thinks, as options that the client shows. */
export function configOptions(models: readonly Model[], choice: Choice): SessionConfigOption[] {
  const model =
    models.find((one) => one.model === choice.model) ?? models.find(({ isDefault }) => isDefault) ?? models[0];
  if (!model) return [];
  const efforts = model.supportedReasoningEfforts ?? [];
  const effort = efforts.find((one) => one.reasoningEffort === choice.effort)?.reasoningEffort;
  return [
    {
      id: 'model',
      name: 'Model',
      category: 'model',
      type: 'select',
      currentValue: choice.model ?? model.model,
      options: models.map((one) => ({ value: one.model, name: one.displayName, description: one.description })),
    },
    ...(efforts.length === 0
      ? []
      : [
          {
            id: 'effort',
            name: 'Reasoning effort',
            category: 'thought_level',
            type: 'select' as const,
            currentValue: effort ?? model.defaultReasoningEffort,
            options: efforts.map(({ reasoningEffort, description }) => ({
              value: reasoningEffort,
              name: reasoningEffort,
              description,
            })),
          },
        ]),
  ];
}
