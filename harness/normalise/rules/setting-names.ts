import type { LineRule } from '../types.ts';

/** A setting of the client's configuration, as errors name it. */
const setting = /\bCodexConfig\.(\w+)/g;

export const settingNames: LineRule = {
  name: 'setting-names',
  reason: "an error names the setting that helps as the language spells it: ours in camelCase, Python's in snake_case",
  apply(line, { header: { client } }) {
    if (client !== 'ts' || line.ch !== 'error' || line.error === undefined) return undefined;
    const message = line.error.message.replace(setting, (_, name: string) => `CodexConfig.${inPython(name)}`);
    return message === line.error.message ? undefined : { ...line, error: { ...line.error, message } };
  },
};

/** Another spelling than ours is a name that a user of ours would not find. */
const inPython = (name: string): string =>
  name.includes('_') ? `<not in camelCase: ${name}>` : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
