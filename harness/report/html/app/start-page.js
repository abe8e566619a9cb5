/** @import { ReportModel } from '../../model.ts' */
import { passedAndFailed } from '../../summary.ts';
import { el } from './dom.js';
import { ledgerSection } from './ledger.js';
import { matrixSection } from './matrix.js';

/** Verdict, versions, matrix, ledger. @param {ReportModel} model */
export function startPage(model) {
  const { summary } = model;
  return el(
    'div',
    {},
    el('h1', { tabindex: '-1' }, 'Parity report'),
    headline(model),
    ...summary.ledger.problems.map((problem) => el('p', { class: 'problem' }, `Ledger: ${problem}`)),
    versions(model),
    matrixSection(model),
    ledgerSection(model),
  );
}

/** @param {ReportModel} model */
function headline({ summary }) {
  const { passed, failed } = passedAndFailed(summary);
  const tone = failed > 0 || passed === 0 ? 'bad' : 'good';
  const verdict = failed > 0 ? 'Not at parity' : passed === 0 ? 'Nothing was judged' : 'At parity';
  return el(
    'p',
    { class: `headline ${tone}` },
    el('strong', {}, verdict),
    ` ${passed} passed, ${failed} failed. ${percent(summary.matchBeforeLedger)} of the applicable cells match without the ledger.`,
  );
}

/** @param {ReportModel} model */
function versions({ summary }) {
  const { engine, clients, oracle, cells, scenarios, durationMs, jobs } = summary;
  /** @type {[string, string][]} */
  const facts = [
    ['Engine', `${engine.version} (sha256 ${engine.sha256.slice(0, 12)}…)`],
    ...clients.map(({ id, version }) => /** @type {[string, string]} */ ([id, version])),
    ['Run', `${cells} cells of ${scenarios} scenarios in ${(durationMs / 1000).toFixed(1)} s, ${jobs} at once`],
  ];
  if (oracle !== undefined) {
    const { tampered, flagged, selfDifferences } = oracle;
    facts.push([
      'Oracle',
      `${flagged} of ${tampered} tampered observations flagged, ${selfDifferences} differences of a client with itself`,
    ]);
  }
  return el('section', {}, el('h2', {}, 'Versions'), definitions(facts));
}

/** @param {[string, string][]} facts */
const definitions = (facts) =>
  el('dl', {}, ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));

/** Never rounded up to all. @param {number} share */
const percent = (share) => `${Math.floor(share * 1000) / 10} %`;
