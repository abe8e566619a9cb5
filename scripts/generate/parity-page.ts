import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { WireChecker } from '../../harness/contract/check-wire.ts';
import { loadContract } from '../../harness/contract/load-contract.ts';
import { goldenPath, readGolden } from '../../harness/golden/golden-file.ts';
import { hydrate } from '../../harness/golden/hydrate.ts';
import { CoverageReader } from '../../harness/proofs/coverage/observed-points.ts';
import { cachedSurface } from '../../harness/proofs/surface/cached-surface.ts';
import { type Proofs, renderParityChecklist } from '../../harness/proofs/surface/parity-checklist.ts';
import { factsExercised, typesHeld } from '../../harness/proofs/surface/proofs.ts';
import { loadScenarios, onPin } from '../../harness/scenario/index.ts';
import { recordingEngine } from '../../harness/scenario/reference.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { venvPython } from '../../native/index.ts';
import { generatedFile, root } from './generated-output.ts';

/** `docs/parity.md`, from the surfaces of both SDKs and from what scenarios and tests exercise. */
export async function generateParityPage() {
  const report = await cachedSurface(root, venvPython(root));
  if (report === undefined)
    throw new Error(
      expectedGot('writing docs/parity.md', 'a Python to ask for its surface', 'none', 'npm run parity installs it'),
    );
  const text = renderParityChecklist(report, { scenarios: await scenarioProofs(), tests: await testProofs() });
  return generatedFile('docs/parity.md', text, `${report.python} facts`);
}

async function scenarioProofs(): Promise<Proofs['scenarios']> {
  const proofs = new Map<string, string[]>();
  const checker = new WireChecker(await loadContract());
  const reader = new CoverageReader(checker);
  for (const scenario of onPin(await loadScenarios(undefined, { family: 'app-server' }))) {
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
