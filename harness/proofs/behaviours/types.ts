/** A deliberate bug of one place: the text `find`, which its file has once, becomes `replace`. */
export interface Break {
  /** Relative to the repository, with `/`. */
  file: string;
  find: string;
  /** One line; empty: what was found is taken out. */
  replace: string;
}

/** What shows a behaviour: a scenario, or a test by its file and its name as it stands there. */
export type Proof = { scenario: string } | { file: string; test: string };

/** One behaviour that is owed (`fixtures/behaviours.yaml`). */
export interface Behaviour {
  /** Letter of the section and a number: `C-48`. */
  id: string;
  title: string;
  /** Title of the section. */
  section: string;
  /** Where it is not the same for all: which of our clients owe it, `ts` or `ts-exec`. */
  clients: string[] | undefined;
  proof: Proof[];
  break: Break;
  /** Whether the reference gets it wrong; `ledger` names the known difference then. */
  defect: boolean;
  ledger: string | undefined;
  /** Line in the file. */
  line: number;
}
