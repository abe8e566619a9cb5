import type { SandboxMode, SandboxPolicy } from '../protocol/index.ts';

/** Filesystem access of threads and turns (Python: `Sandbox`). */
export const Sandbox = {
  /** Can read everything and write nothing. */
  readOnly: 'read-only',
  /** Can write inside the workspace and the configured writable roots. */
  workspaceWrite: 'workspace-write',
  /** Unrestricted access to the file system. */
  fullAccess: 'full-access',
} as const;
export type Sandbox = (typeof Sandbox)[keyof typeof Sandbox];

const modes: Record<Sandbox, SandboxMode> = {
  'read-only': 'read-only',
  'workspace-write': 'workspace-write',
  'full-access': 'danger-full-access',
};

// Every field is spelled out, as in Python: a turn's policy replaces the thread's as a whole.
const policies: Record<Sandbox, SandboxPolicy> = {
  'read-only': { type: 'readOnly', networkAccess: false },
  'workspace-write': {
    type: 'workspaceWrite',
    networkAccess: false,
    writableRoots: [],
    excludeSlashTmp: false,
    excludeTmpdirEnvVar: false,
  },
  'full-access': { type: 'dangerFullAccess' },
};

/**
 * The wire mode of `thread/start`, `thread/resume` and `thread/fork`.
 * @throws RangeError for anything but a preset
 */
export function sandboxMode(sandbox: Sandbox | null | undefined): SandboxMode | undefined {
  return sandbox == null ? undefined : modes[preset(sandbox)];
}

/**
 * The wire policy of `turn/start`.
 * @throws RangeError for anything but a preset
 */
export function sandboxPolicy(sandbox: Sandbox | null | undefined): SandboxPolicy | undefined {
  return sandbox == null ? undefined : policies[preset(sandbox)];
}

function preset(sandbox: Sandbox): Sandbox {
  if (typeof sandbox === 'string' && Object.hasOwn(modes, sandbox)) return sandbox;
  const names = Object.keys(Sandbox).map((name) => `Sandbox.${name}`);
  throw new RangeError(`sandbox must be one of: ${names.join(', ')}`);
}
