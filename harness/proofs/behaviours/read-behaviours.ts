import { readFileSync } from 'node:fs';
import path from 'node:path';
import { escapeRegExp } from '../../../testing/text.ts';
import type { DataProblem } from '../../data/data-error.ts';
import { parseYaml } from '../../data/read-yaml.ts';
import type { Path } from '../../data/yaml-source.ts';

/** The list, relative to the repository. */
export const behavioursFile = 'fixtures/behaviours.yaml';

/** The list, and a way to name places in it. */
export interface BehaviourList {
  behaviours: Behaviour[];
  /** A problem of the behaviour `id`, at one of its fields. */
  problem(id: string, field: Path, message: string): DataProblem;
}

type Sections = Record<string, { title: string; behaviours: RawBehaviour[] }>;
interface RawBehaviour {
  id: string;
  title: string;
  clients?: string[];
  proof: string[];
  break: Break;
  defect?: true;
  ledger?: string;
}

/** The last one parsed: a run counts the behaviours and shows them, and parsing takes a tenth of a second. */
let last: { text: string; file: string; parsed: BehaviourList } | undefined;

/**
 * Parses the list of behaviours; `file` is only named in errors.
 * @throws DataError with the place of everything that is malformed, and of ids that are taken or in the wrong section
 */
export function parseBehaviours(text: string, file: string): BehaviourList {
  if (last?.text !== text || last.file !== file) last = { text, file, parsed: parse(text, file) };
  return last.parsed;
}

function parse(text: string, file: string): BehaviourList {
  const places = new Map<string, Path>();
  const { value, problem, line } = parseYaml<Sections>(text, file, 'behaviours', (sections, report) => {
    for (const [letter, { behaviours }] of Object.entries(sections)) {
      for (const [index, { id }] of behaviours.entries()) {
        const path = [letter, 'behaviours', index];
        if (!id.startsWith(`${letter}-`)) report([...path, 'id'], `expected an id of section ${letter}, got ${id}`);
        if (places.has(id)) report([...path, 'id'], `expected each id once, got ${id} again`);
        else places.set(id, path);
      }
    }
  });
  const behaviours = Object.values(value).flatMap((section) =>
    section.behaviours.map(
      (raw): Behaviour => ({
        ...raw,
        section: section.title,
        clients: raw.clients,
        proof: raw.proof.map(parseProof),
        defect: raw.defect === true,
        ledger: raw.ledger,
        line: line(places.get(raw.id) ?? []),
      }),
    ),
  );
  return { behaviours, problem: (id, field, message) => problem([...(places.get(id) ?? []), ...field], message) };
}

/** `FILE.test.ts > NAME` is a test, everything else a scenario. */
function parseProof(text: string): Proof {
  const [, file, test] = /^(\S+\.test\.ts) > (.+)$/s.exec(text) ?? [];
  return file === undefined || test === undefined ? { scenario: text } : { file, test };
}

/** The proof as written in the list. */
export const proofText = (proof: Proof): string =>
  'scenario' in proof ? proof.scenario : `${proof.file} > ${proof.test}`;

/** Scenario → ids of the behaviours it proves, alone or with others. @throws DataError if the list is malformed */
export function behaviourProofs(repository: string): ReadonlyMap<string, readonly string[]> {
  const file = path.join(repository, 'fixtures', 'behaviours.yaml');
  const proofs = new Map<string, string[]>();
  for (const { id, proof } of parseBehaviours(readFileSync(file, 'utf8'), file).behaviours) {
    for (const one of proof) {
      if ('scenario' in one) proofs.set(one.scenario, [...(proofs.get(one.scenario) ?? []), id]);
    }
  }
  return proofs;
}

/** `%s` and `$name` in the names of test tables. */
const placeholder = /%[sdifjoOc#]|\$[\w.]+/;

/**
 * For `vitest -t`: the test with this name, or all rows of a test table. Vitest puts the names of the enclosing groups
 * before a test's name.
 */
export function namePattern(test: string): string {
  return `(^| )${test.split(placeholder).map(escapeRegExp).join('.*')}$`;
}

/** Whether a file's text contains a test with this name, as a quoted first argument. */
export function hasTest(text: string, test: string): boolean {
  const quoted = ["'", '"', '`'].map((quote) => {
    const inner = test.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return `${quote}${escapeRegExp(inner)}${quote}`;
  });
  return new RegExp(`\\(\\s*(?:${quoted.join('|')})\\s*,`).test(text);
}

/** A deliberate bug in one place: the text `find`, which occurs once in the file, becomes `replace`. */
export interface Break {
  /** Relative to the repository, with `/`. */
  file: string;
  find: string;
  /** One line; if empty, the found text is removed. */
  replace: string;
}

/** What shows a behaviour: a scenario, or a test by its file and its name in that file. */
export type Proof = { scenario: string } | { file: string; test: string };

/** One behaviour that the SDK owes (`fixtures/behaviours.yaml`). */
export interface Behaviour {
  /** Letter of the section and a number: `C-48`. */
  id: string;
  title: string;
  /** Title of the section. */
  section: string;
  /** Which of our clients owe it, `ts` or `ts-exec`, if not both. */
  clients: string[] | undefined;
  proof: Proof[];
  break: Break;
  /** Whether the reference gets it wrong; `ledger` then names the known difference. */
  defect: boolean;
  ledger: string | undefined;
  /** Line in the file. */
  line: number;
}
