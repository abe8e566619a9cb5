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
