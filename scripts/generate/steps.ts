import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { allKeys, readSteps, type StepDefinition, type StepLanguage, withoutProse } from '../steps/read-steps.ts';
import { bareSchema, schemaFile } from '../steps/step-schema.ts';
import { driverTable, replaceGenerated, stepTables } from '../steps/step-tables.ts';
import { typeDeclarations } from '../steps/step-types.ts';
import { type GeneratedOutput, generatedFile, root } from './generated-output.ts';

const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

/**
 * What follows from the definitions of steps (fixtures/steps/script.yaml, scenario.yaml): the schemas, the types of the kit, of the
 * fake and of the harness, and the tables of the docs.
 */
export async function generateSteps(): Promise<GeneratedOutput> {
  const script = readSteps(await read('fixtures/steps/script.yaml'));
  const scenario = readSteps(await read('fixtures/steps/scenario.yaml'));
  const pages = {
    script: 'docs/script-format.md',
    scenario: 'docs/scenario-format.md',
    driver: 'docs/driver-protocol.md',
  };
  const files: [path: string, text: string][] = [
    ['fixtures/schema/script.schema.json', await formatted('x.json', JSON.stringify(schemaFile(script, true)))],
    [
      'fixtures/schema/scenario-step.schema.json',
      await formatted('x.json', JSON.stringify(schemaFile(scenario, false))),
    ],
    ['testing/play/script-types.ts', await formatted('x.ts', kitTypes(script))],
    ['fake-codex-rs/script/given-steps.ts', await formatted('x.ts', fakeTypes(script))],
    ['harness/scenario/step-types.ts', await formatted('x.ts', scenarioTypes(scenario))],
    [pages.script, withTables(await read(pages.script), script)],
    [pages.scenario, withTables(await read(pages.scenario), scenario)],
    [pages.driver, replaceGenerated(await read(pages.driver), 'steps', driverTable(scenario))],
  ];
  const outputs = files.map(([place, text]) => generatedFile(place, text, ''));
  return {
    stale: async () => (await Promise.all(outputs.map((output) => output.stale()))).flat(),
    async write() {
      for (const output of outputs) await output.write();
    },
    summary: `${script.steps.length} steps of a script and ${scenario.steps.length} of a scenario, in ${files.length} files`,
  };
}

const mark = (from: string): string => `// Generated from fixtures/steps/${from} by npm run generate; do not edit.\n`;

function kitTypes(script: StepLanguage): string {
  const shape = (step: StepDefinition): string => {
    const fields = [{ key: step.verb, schema: step.value }, ...allKeys(step)];
    const latches = fields.filter(({ schema }) => schema.kind === 'latch').map(({ key }) => key);
    const steps = fields.flatMap(({ key, schema }) => (schema.steps === undefined ? [] : [[key, schema.steps]]));
    const parts = [
      `keys: ${JSON.stringify(allKeys(step).map(({ key }) => key))}`,
      ...(latches.length > 0 ? [`latches: ${JSON.stringify(latches)}`] : []),
      ...(steps.length > 0 ? [`steps: ${JSON.stringify(Object.fromEntries(steps))}`] : []),
      ...(step.server ? ['server: true'] : []),
    ];
    return `'${step.verb}': { ${parts.join(', ')} },\n`;
  };
  return `${mark('script.yaml')}import type { JsonValue } from '../json/json.ts';

${typeDeclarations(script, true)}
/** What may stand in a step. */
export interface ScriptVerb {
  /** The keys beside the verb. */
  keys: readonly string[];
  /** Those, the verb included, whose value is a latch that is waited for. */
  latches?: readonly string[];
  /** Those, the verb included, whose value is a list of steps, or several. */
  steps?: Readonly<Record<string, 'list' | 'lists'>>;
  /** A run of exec cannot have it. */
  server?: true;
}

/** The verbs, and what may stand beside each. */
export const scriptVerbs: Readonly<Record<keyof ScriptSteps, ScriptVerb>> = {
${script.steps.map(shape).join('')}};
`;
}

function fakeTypes(script: StepLanguage): string {
  const schemas = script.steps.map((step) => `'${step.verb}': ${JSON.stringify(JSON.stringify(bareSchema(step)))},\n`);
  const server = script.steps.filter((step) => step.server).map(({ verb }) => `'${verb}'`);
  return `${mark('script.yaml')}import type { JsonValue } from '../exact-json.ts';

${typeDeclarations(withoutProse({ ...script, name: 'GivenStep' }), false)}
/** The form of each step as JSON Schema, as JSON. Steps within steps are left open: each is checked as it is read. */
export const stepSchemas: Readonly<Record<keyof GivenSteps, string>> = {
${schemas.join('')}};

/** Steps that a run of exec cannot have. */
export const serverSteps: ReadonlySet<string> = new Set([${server.join(', ')}]);
`;
}

const scenarioTypes = (scenario: StepLanguage): string =>
  `${mark('scenario.yaml')}import type { JsonObject } from '../../testing/json/json.ts';

${typeDeclarations(scenario, false)}`;

function withTables(page: string, language: StepLanguage): string {
  const { steps, groups } = stepTables(language);
  const withSteps = replaceGenerated(page, 'steps', steps);
  return Object.entries(groups).reduce((text, [id, table]) => replaceGenerated(text, id, table), withSteps);
}

/** As the formatter of the repository would have it. */
async function formatted(name: string, text: string): Promise<string> {
  const argv = [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', `--stdin-file-path=${name}`];
  const { stdout } = await execa(process.execPath, argv, { cwd: root, input: text, stripFinalNewline: false });
  return stdout;
}
