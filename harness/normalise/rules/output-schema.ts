import type { ValueRule } from '../types.ts';

/** `codex-output-schema-` and some random letters, whose number differs from client to client. */
export const outputSchemaFolder: ValueRule = {
  name: 'output-schema-folder',
  reason:
    'the exec clients write the schema of a run to a new temp folder; that it is in the temp folder, its name and its content are compared',
  apply(value) {
    if (typeof value !== 'string') return undefined;
    const out = value.replace(/(\/codex-output-schema-)[A-Za-z0-9_]+\b/g, '$1<random>');
    return out === value ? undefined : out;
  },
};
