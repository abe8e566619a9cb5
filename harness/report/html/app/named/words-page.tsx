import { useEffect } from 'preact/hooks';
import { type WordId, words } from '../shared/words.ts';

const groups: readonly [title: string, of: readonly WordId[]][] = [
  [
    'What is compared',
    ['scenario', 'client', 'engine', 'cell', 'golden', 'reference', 'normalised', 'lane', 'wire', 'round', 'pin'],
  ],
  [
    'What a cell can be',
    [
      'match',
      'known-difference',
      'baseline',
      'not-applicable',
      'mismatch',
      'stale-known-difference',
      'could-not-run',
      'not-run',
    ],
  ],
  ['What the score says', ['equal', 'real', 'sensitivity', 'mutation', 'coverage', 'surface', 'drift']],
  [
    'Why something differs',
    ['ledger', 'behaviour', 'idiom', 'safer-by-design', 'python-defect', 'upstream', 'ts-defect'],
  ],
];

/** What every word of the report means. */
export function WordsPage({ word }: { word: string }) {
  // After the page itself has scrolled to its top.
  useEffect(() => {
    if (word !== '') document.getElementById(idOf(word))?.scrollIntoView({ block: 'center' });
  }, [word]);
  return (
    <>
      <nav aria-label="Way back" class="way-back">
        <a href="#/">← The report</a>
      </nav>
      <h1 tabIndex={-1}>Words</h1>
      <p class="lead">
        One scenario, one client, one engine is a cell. Each cell is compared with the golden of its scenario, and gets
        one verdict.
      </p>
      {groups.map(([title, of]) => (
        <section key={title} class="section words">
          <h2>{title}</h2>
          <dl>
            {of.map((id) => (
              <div key={id} id={idOf(id)} class={id === word ? 'chosen' : ''}>
                <dt>{words[id][0]}</dt>
                <dd>{words[id][1]}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}

const idOf = (word: string) => `word-${word}`;
