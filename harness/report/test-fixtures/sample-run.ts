import type { JsonObject } from '../../../testing/json/json.ts';
import { cellPath } from '../../cell/cell-path.ts';
import type { CellResult } from '../../cell/types.ts';
import type { Family } from '../../clients/clients.ts';
import { compare } from '../../compare/compare.ts';
import { ignoredChannels } from '../../compare/ignored-channels.ts';
import { asNormalised, type NormalisedLine, type NormalisedObservation } from '../../normalise/types.ts';
import type { HistoryEntry } from '../../summary/history-entry.ts';
import { type Summary, summarise } from '../../summary/summary.ts';
import { judge } from '../../verdict/judge.ts';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import type { ReportInput } from '../build-model.ts';
import type { RawLines, ReportBehaviour, ReportCell, ReportScenario } from '../model.ts';

/** A run in small: judged by the real comparison, so that what a report shows of it is what it would show of a real one. */
export class SampleRun {
  readonly results: CellResult[] = [];
  readonly ledger: LedgerEntry[] = [];
  readonly goldens = new Map<string, NormalisedObservation>();
  readonly observations = new Map<string, NormalisedObservation>();
  readonly scenarios: ReportScenario[] = [];
  readonly sources: Record<string, string> = {};
  readonly evidence = new Map<string, Pick<ReportCell, 'raw' | 'embedded' | 'failedAt'>>();
  readonly history: HistoryEntry[] = [];
  readonly behaviours: ReportBehaviour[] = [];
  readonly raws: RawLines[] = [];

  /** Gives a scenario its title and its text. */
  scenario(id: string, title: string, text: string, { scripted = false, family = 'app-server' as Family } = {}): void {
    const file = `fixtures/scenarios/${id}.yaml`;
    this.scenarios.push({ id, title, family, scripted, file });
    this.sources[file] = text;
  }

  isScripted = (scenario: string): boolean => this.scenarios.some(({ id, scripted }) => id === scenario && scripted);

  /** Adds what a run of the past gave. */
  past(begun: string, matchBeforeLedger: number): void {
    const { engine, clients, verdicts, totals, sensitivity, coverage, scenarios, cells } = this.summary();
    this.history.push({
      $schema: '../schema/history.schema.json',
      schemaVersion: 1,
      begun,
      commit: 'c0ffee1234',
      engineVersion: engine.version,
      platforms: ['linux'],
      ...{ clients, scenarios, cells, verdicts, totals, matchBeforeLedger, sensitivity, coverage },
      ledger: { entries: 1, problems: 0 },
      seconds: 400,
      jobs: 2,
    });
  }

  golden(scenario: string, lines: NormalisedLine[]): void {
    this.goldens.set(scenario, observationOf(scenario, 'python', lines));
  }

  cell(
    cell: Pick<CellResult, 'scenario' | 'client' | 'engine'> & Partial<CellResult>,
    lines: NormalisedLine[],
  ): CellResult {
    const golden = this.goldens.get(cell.scenario);
    if (golden === undefined)
      throw new Error(`Making a sample: expected a golden of ${cell.scenario} before its cells, got none.`);
    const observation = observationOf(cell.scenario, cell.client, lines);
    const differences = compare(golden, observation, {
      ignore: ignoredChannels(cell.engine, this.isScripted(cell.scenario)),
    });
    const { verdict, unexplained, known } = judge(cell, differences, this.ledger, false);
    const result = this.unjudged({
      verdict,
      unexplained,
      known: known.map(({ entry, difference }) => ({ id: entry.id, difference })),
      ...cell,
    });
    this.observations.set(cellPath(result), observation);
    return result;
  }

  /** A cell without an observation. */
  unjudged(cell: Pick<CellResult, 'scenario' | 'client' | 'engine' | 'verdict'> & Partial<CellResult>): CellResult {
    const result = { round: 1, unexplained: [], known: [], durationMs: 120, fired: { time: 3, path: 2 }, ...cell };
    this.results.push(result);
    return result;
  }

  input(): ReportInput {
    return { ...this, summary: this.summary() };
  }

  summary(): Summary {
    const versions = new Set(['1.2.3', ...this.results.flatMap(({ engineVersion }) => engineVersion ?? [])]);
    const engines = [...versions].map((version) => ({ version, sha256: 'ab'.repeat(32) })) as [Summary['engine']];
    return summarise({
      begun: '2026-02-03T04:05:06.789Z',
      commit: 'ab'.repeat(20),
      dirty: false,
      engine: engines[0],
      engines,
      clients: [
        { id: 'python', version: '1.2.3' },
        { id: 'ts', version: '0.1.0' },
      ],
      results: this.results,
      everything: [...this.goldens.keys()],
      platforms: new Map([['linux', this.results]]),
      ledger: { entries: this.ledger.length, problems: [] },
      problems: [],
      kindOf: (id) => this.ledger.find((entry) => entry.id === id)?.kind,
      sensitivity: { tampered: 1000, flagged: 996, selfDifferences: 0 },
      coverage: { notifications: { hit: 61, real: 60, total: 85, excluded: 1 } },
      surface: { python: 531, mapped: 520, exceptions: 11 },
      durationMs: 12_345,
      jobs: 2,
    });
  }
}

function observationOf(scenario: string, client: string, lines: NormalisedLine[]): NormalisedObservation {
  const header = { kind: 'golden' as const, schemaVersion: 1 as const, scenario, client, engineVersion: '1.2.3' };
  return asNormalised({ header, lines, fired: {} });
}

export const event = (method: string, payload: JsonObject, lane = 'user/events'): NormalisedLine => ({
  lane,
  ch: 'event',
  key: method,
  body: { method, payload, known: true },
});

export const wireIn = (msg: JsonObject, key: string, lane = 'in/<thread-1>'): NormalisedLine => ({
  lane,
  ch: 'wire.in',
  key,
  body: { msg },
});

export const request = (method: string, params: JsonObject): NormalisedLine => ({
  lane: 'out/<thread-1>',
  ch: 'wire.out',
  key: method,
  body: { msg: { id: '<request-1>', method, params } },
});
