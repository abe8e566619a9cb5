import { checkScript } from './check-script.ts';
import type { ScriptStep } from './script-types.ts';

/**
 * A script as a list of steps: as it is, or read from YAML.
 * @throws Error when it is not YAML or misspelt, and when it is YAML and the package `yaml` is not installed
 */
export async function readScript(script: string | readonly ScriptStep[]): Promise<ScriptStep[]> {
  const steps: unknown = typeof script === 'string' ? await fromYaml(script) : structuredClone(script);
  checkScript(steps);
  return steps;
}

async function fromYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml').catch((cause: unknown) => {
    throw new Error(
      'fakeEngine: a script as YAML needs the package `yaml`; wanted it installed, or the script as a list of steps',
      { cause },
    );
  });
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(`fakeEngine: the script is no YAML: ${(cause as Error).message}`, { cause });
  }
}
