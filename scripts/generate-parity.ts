import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WireChecker } from '../harness/contract/check-wire.ts';
import { loadContract } from '../harness/contract/load-contract.ts';
import { CoverageReader } from '../harness/coverage/observed-points.ts';
import { goldenPath, readGolden } from '../harness/golden/golden-file.ts';
import { hydrate } from '../harness/golden/hydrate.ts';
import { recordingEngine } from '../harness/run/reference.ts';
import { loadScenarios } from '../harness/scenario/index.ts';
import { cachedSurface } from '../harness/surface/cached-surface.ts';
import { type Proofs, renderParityChecklist } from '../harness/surface/parity-checklist.ts';
import { factsExercised, typesHeld } from '../harness/surface/proofs.ts';
import { venvPython } from '../native/index.ts';
import { writeWhole } from '../testing/files/write-whole.ts';
import { type GeneratedOutput, runGenerator } from './generate/run-generator.ts';

const usage = `Usage: generate-parity [--check]
Writes docs/parity.md from the surfaces of both SDKs and from what scenarios and tests exercise.
  --check  write nothing; fail when docs/parity.md differs
`;

const root = fileURLToPath(new URL('..', import.meta.url));

async function generate(): Promise<GeneratedOutput> {
  const report = await cachedSurface(root, venvPython(root));
  if (report === undefined) throw new Error('there is no Python to ask for its surface; npm run parity brings it');
  const text = renderParityChecklist(report, { scenarios: await scenarioProofs(), tests: await testProofs() });
  const file = path.join(root, 'docs', 'parity.md');
  return {
    stale: async () => ((await readFile(file, 'utf8').catch(() => '')) === text ? [] : ['docs/parity.md']),
    write: () => writeWhole(file, text),
    summary: `docs/parity.md: ${report.python} facts`,
  };
}

async function scenarioProofs(): Promise<Proofs['scenarios']> {
  const proofs = new Map<string, string[]>();
  const checker = new WireChecker(await loadContract());
  const reader = new CoverageReader(checker);
  for (const scenario of await loadScenarios(undefined, { family: 'app-server' })) {
    const golden = await readGolden(goldenPath(path.join(root, 'fixtures', 'golden'), scenario.id));
    // A baseline of our own says nothing of Python.
    if (golden === undefined || !golden.header.client.startsWith('python')) continue;
    const file = scenario.expandedFrom ?? scenario.id;
    const points = reader.read(scenario, hydrate(golden).lines, recordingEngine(scenario));
    for (const fact of [...factsExercised(scenario, golden), ...typesHeld(points, checker.contract)]) {
      const known = proofs.get(fact) ?? [];
      if (!known.includes(file)) proofs.set(fact, [...known, file]);
    }
  }
  return proofs;
}

/** Each name that a test of the SDK mentions → the first such test. */
async function testProofs(): Promise<Proofs['tests']> {
  const proofs = new Map<string, string>();
  const names = await readdir(path.join(root, 'sdk'), { recursive: true });
  for (const name of names.filter((one) => one.endsWith('.test.ts')).sort()) {
    const file = `sdk/${name.split(path.sep).join('/')}`;
    const text = await readFile(path.join(root, file), 'utf8');
    for (const [word] of text.matchAll(/[A-Za-z]\w+/g)) if (!proofs.has(word)) proofs.set(word, file);
  }
  return proofs;
}

export const main = (argv: string[]): Promise<number> =>
  runGenerator({ name: 'generate-parity', usage, generate }, argv);

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
