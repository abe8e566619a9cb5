import type { Output } from '../../harness/commands/output.mjs';
import type { Arguments } from '../../harness/commands/read-arguments.mjs';
import { generateApi } from './api.ts';
import { generateClientIds } from './client-ids.ts';
import { generateCommandsPage } from './commands-page.ts';
import { generateContract } from './contract.ts';
import { generateEnginesPage } from './engines-page.ts';
import { generateEventsPage } from './events-page.ts';
import type { GeneratedOutput } from './generated-output.ts';
import { generateIdentities } from './identities.ts';
import { generatePairs } from './pairs.ts';
import { generateParityPage } from './parity-page.ts';
import { generateProtocol } from './protocol.ts';
import { generatePythonModels } from './python-models.ts';
import { generateSteps } from './steps.ts';

/** In this order: the protocol is made from the contract, and the pages from both. */
const generators = (engine?: string): Record<string, () => Promise<GeneratedOutput>> => ({
  contract: () => generateContract(engine),
  'identities of engines': generateIdentities,
  protocol: generateProtocol,
  'models of Python': generatePythonModels,
  steps: generateSteps,
  clients: generateClientIds,
  'pairs of operations': generatePairs,
  'parity page': generateParityPage,
  'page of the events': generateEventsPage,
  'commands page': generateCommandsPage,
  'page of the engines': generateEnginesPage,
  'pages of the API': generateApi,
});

/**
 * `npm run generate`. Exit code 0: written, or up to date with `--check`; 1: stale, something could not be read, or a
 * generator did not know what to write: then its output has placeholders.
 */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const { check, engine } = values as { check?: boolean; engine?: string };
  let code = 0;
  const gaps = new Set<string>();
  for (const [name, generate] of Object.entries(generators(engine))) {
    try {
      const made = await generate();
      for (const gap of made.gaps ?? []) gaps.add(gap);
      if (check === true) {
        const stale = await made.stale();
        if (stale.length > 0) {
          output.note(...stale, 'stale; run npm run generate');
          code = 1;
        }
      } else {
        await made.write();
        output.out(made.summary);
      }
    } catch (error) {
      code = 1;
      output.note(...`${name}: ${error instanceof Error ? error.message : error}`.split('\n'));
    }
  }
  if (gaps.size > 0) output.note(...gapReport([...gaps]));
  return gaps.size > 0 ? 1 : code;
}

/** All of them at once: each is filled by hand, and a run takes a minute. */
const gapReport = (gaps: readonly string[]): string[] => [
  `what the generators do not know (${gaps.length}), with placeholders that are marked "gap:"; fill them, and run npm run generate again`,
  ...gaps.map((gap) => `  ${gap}`),
];
