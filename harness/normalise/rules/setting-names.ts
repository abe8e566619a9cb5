import { clientTable } from '../../clients/clients.ts';
import { camelCase } from '../../driver/ts/names.ts';
import type { LineRule } from '../types.ts';

/** A setting of the client's configuration, as named in errors. */
const setting = /\bCodexConfig\.(\w+)/g;

export const settingNames: LineRule = {
  name: 'setting-names',
  reason:
    "an error names the setting that helps as the language spells it: Python's are compared by the names that they have in ours",
  apply(line, { header: { client } }) {
    if (clientTable[client].language !== 'python' || line.ch !== 'error') return undefined;
    // The sensitivity check may have removed the error, or its text.
    const said: unknown = line.error?.message;
    if (typeof said !== 'string') return undefined;
    const message = said.replace(setting, (_, name: string) => `CodexConfig.${camelCase(name)}`);
    return message === said ? undefined : { ...line, error: { ...line.error, message } };
  },
};
