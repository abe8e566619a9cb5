/** What the report's words mean: the page of words, and what is shown over each of them. The key is in the page's address. */
export const words = {
  scenario: ['scenario', 'One situation, written as data: a file of steps that every client performs.'],
  client: ['client', 'An SDK under comparison: the official ones, and ours.'],
  engine: [
    'engine',
    'The Codex program that an SDK starts and talks to. real: the program itself. fake: a program of this repository that plays a recording.',
  ],
  cell: ['cell', 'One scenario, performed by one client on one engine. The unit that is judged.'],
  golden: [
    'golden',
    'The committed recording of the reference client on the real engine. Every cell of the scenario is compared with it.',
  ],
  reference: ['reference client', 'The official client whose run is the golden of a scenario.'],
  equal: [
    'equal',
    'Everything that the cell shows is what the golden shows: events, results, errors, and each message on the wire.',
  ],
  real: ['on the real engine', 'Cells that ran on the engine itself, and not on a fake that plays a recording.'],
  'known-difference': [
    'known difference',
    'The cell differs from its golden exactly as an entry of the ledger says, and nowhere else.',
  ],
  ledger: [
    'ledger',
    'The list of known differences, each with its reason and its evidence. An entry that no longer occurs fails the run.',
  ],
  baseline: [
    'baseline',
    'A cell whose scenario no official client can perform. Its golden was made by ours alone, so it guards against change and never counts as parity.',
  ],
  'not-applicable': [
    'not applicable',
    'The client cannot perform this scenario, or the scenario is not meant for it. Nothing ran, and that is no error.',
  ],
  match: ['match', 'The cell is equal to its golden.'],
  mismatch: [
    'mismatch',
    'The cell differs from its golden in a way that no entry of the ledger explains. It fails the run.',
  ],
  'stale-known-difference': [
    'stale known difference',
    'The ledger says that this cell differs, and it no longer does. It fails the run.',
  ],
  'could-not-run': [
    'could not run',
    'The driver or the harness failed, so nothing is known of the client. It fails the run.',
  ],
  'not-run': ['not run', 'This run did not include the cell. Nothing is known of it.'],
  lane: [
    'lane',
    'Lines whose order matters among themselves: the events of one turn, or the messages of one thread. Between lanes, order means nothing.',
  ],
  wire: ['wire', 'The messages between client and engine, as they were sent.'],
  normalised: [
    'normalised',
    'Ids, times, ports and paths differ in any two runs. Named rules replace them by placeholders that still compare as equal or different.',
  ],
  round: ['round', 'One of several runs of the same cell (×2). The worst of them counts.'],
  drift: ['engine drift', 'What another version of the engine shows differently to the same client.'],
  sensitivity: [
    'sensitivity',
    'How many deliberate changes to a golden the comparison notices. It says how much an “equal” is worth.',
  ],
  mutation: ['kill score', 'How many small bugs, made in our SDK on purpose, the goldens notice.'],
  coverage: ['coverage', 'How much of the engine’s protocol the run showed: its messages, items, fields and errors.'],
  pin: ['pin', 'The engine version that goldens and default stand for.'],
  behaviour: [
    'behaviour',
    'A promise of the SDK to its users, such as N-214, with the test or scenario that proves it.',
  ],
  surface: [
    'surface',
    'The public names, parameters and defaults of the Python SDK, each of which has a counterpart in ours.',
  ],
  'python-defect': ['python-defect', 'The Python SDK gets it wrong; ours does not repeat it.'],
  idiom: ['idiom', 'Both are right; the languages say it differently.'],
  'safer-by-design': ['safer-by-design', 'Ours is stricter on purpose.'],
  upstream: ['upstream', 'The engine or another client is to blame.'],
  'ts-defect': ['ts-defect', 'Ours gets it wrong, and it is not fixed yet.'],
} as const satisfies Record<string, readonly [name: string, meaning: string]>;

export type WordId = keyof typeof words;

export const isWord = (id: string): id is WordId => Object.hasOwn(words, id);
