import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { reportShape } from '../../scenario/check-shape.ts';
import { type Path, YamlSource } from '../../scenario/yaml-source.ts';
import { BehavioursError } from './behaviours-error.ts';
import type { Behaviour, Break, Problem, Proof } from './types.ts';

const schemaFile = new URL('../../../fixtures/schema/behaviours.schema.json', import.meta.url);

/** The list, and a way to name places in it. */
export interface BehaviourList {
  behaviours: Behaviour[];
  /** A problem of the behaviour `id`, at one of its fields. */
  problem(id: string, field: Path, message: string): Problem;
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

/**
 * Reads the list of behaviours from its text; `file` is only named in errors.
 * @throws BehavioursError with the place of everything that is wrong with its form, and of ids that are taken or stand in another section
 */
export function parseBehaviours(text: string, file: string): BehaviourList {
  const source = new YamlSource(file, text);
  if (source.syntaxProblems.length > 0) throw new BehavioursError(source.syntaxProblems);
  const problems: Problem[] = [];
  const report = (path: Path, message: string, at?: 'key') => void problems.push(source.problem(path, message, at));
  const validate = new Ajv({ allErrors: true, verbose: true }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
  reportShape(validate, source.value, [], report);
  if (problems.length > 0) throw new BehavioursError(problems);
  const places = new Map<string, Path>();
  const behaviours = Object.entries(source.value as Sections).flatMap(([letter, section]) =>
    section.behaviours.map((raw, index): Behaviour => {
      const path = [letter, 'behaviours', index];
      if (!raw.id.startsWith(`${letter}-`)) report([...path, 'id'], `saw ${raw.id}, wanted an id of section ${letter}`);
      if (places.has(raw.id)) report([...path, 'id'], `saw ${raw.id} a second time, wanted ids that are used once`);
      else places.set(raw.id, path);
      return {
        ...raw,
        section: section.title,
        clients: raw.clients,
        proof: raw.proof.map(parseProof),
        defect: raw.defect === true,
        ledger: raw.ledger,
        line: source.line(path),
      };
    }),
  );
  if (problems.length > 0) throw new BehavioursError(problems);
  return {
    behaviours,
    problem: (id, field, message) => source.problem([...(places.get(id) ?? []), ...field], message),
  };
}

/** `FILE.test.ts > NAME` is a test, everything else a scenario. */
function parseProof(text: string): Proof {
  const [, file, test] = /^(\S+\.test\.ts) > (.+)$/s.exec(text) ?? [];
  return file === undefined || test === undefined ? { scenario: text } : { file, test };
}

/** The proof as it stands in the list. */
export const proofText = (proof: Proof): string =>
  'scenario' in proof ? proof.scenario : `${proof.file} > ${proof.test}`;
