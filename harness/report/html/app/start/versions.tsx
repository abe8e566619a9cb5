import type { Phases, Summary } from '../../../../summary/summary.ts';
import { sensitivityWords } from '../../../sensitivity-words.ts';
import { Section } from '../shared/section.tsx';

/** What was compared with what: engine, clients, the size of the run, and how sensitive the comparison is. */
export function VersionsSection({ summary }: { summary: Summary }) {
  const { engine, clients, sensitivity, surface, cells, scenarios, durationMs, phases, jobs } = summary;
  const facts: [name: string, value: string][] = [
    ['Engine', `${engine.version} (sha256 ${engine.sha256.slice(0, 12)}…)`],
    ...clients.map(({ id, version }): [string, string] => [id, version]),
    ['Run', `${cells} cells of ${scenarios} scenarios in ${(durationMs / 1000).toFixed(1)} s, ${jobs} at once`],
    ...(phases === undefined ? [] : [phaseFact(phases)]),
    [
      'Sensitivity',
      `${sensitivityWords(sensitivity) ?? 'not measured in this run'}; ${sensitivity.selfDifferences} differences of a client with itself`,
    ],
  ];
  if (surface !== undefined) {
    facts.push([
      'Python surface',
      `${surface.mapped} of ${surface.python} facts have a counterpart, ${surface.exceptions} are exceptions with a reason`,
    ]);
  }
  return (
    <Section id="run" title="Run" says={`engine ${engine.version}, ${clients.length} clients`} folded>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function phaseFact({ cells, sensitivity, rest }: Phases): [name: string, value: string] {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return ['Time', `cells ${seconds(cells)}, sensitivity ${seconds(sensitivity)}, everything else ${seconds(rest)}`];
}
