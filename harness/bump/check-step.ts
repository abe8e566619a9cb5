import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { readEngineLock } from '../../native/index.ts';
import { type ClientId, clientsWhere } from '../clients/clients.ts';
import type { Contract } from '../contract/types.ts';
import { FinishedCells } from '../run/finished-cells.ts';
import { type Folders, removeCells } from '../run/folders.ts';
import { readSources } from '../run/read-sources.ts';
import { type EngineFacts, Session } from '../run/session.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { type BehaviourDiff, diffBehaviour, type Side } from './behaviour-diff.ts';
import { diffCommandLines } from './command-line-diff.ts';

/** An engine of the step, with what it says of its own protocol. */
export interface StepEngine extends EngineFacts {
  contract: Contract;
}

/** A Python with the official clients, and what runs with it. */
export interface StepPython {
  path: string;
  /** Of `openai-codex`. */
  version: string;
}

export interface Step {
  from: StepEngine;
  to: StepEngine;
  python: { from: StepPython; to: StepPython };
  /** The pinned engine: sessions need it whatever the step is. */
  pinned: EngineFacts;
  /** The installed clients. */
  clients: readonly ClientId[];
  scenarios: readonly LoadedScenario[];
  folders: Folders;
  jobs: number;
  /** Takes what an interrupted run has finished. */
  resume: boolean;
  signal: AbortSignal;
  note: (line: string) => void;
}

/** What the step's engines and Pythons show differently, by who is to blame. */
export async function behaviourOfStep(step: Step): Promise<BehaviourDiff[]> {
  const { from, to, python } = step;
  const begun = performance.now();
  const sessions: Session[] = [];
  const { pin, officialPair } = readEngineLock();
  const open = async (one: StepPython): Promise<Session> => {
    const session = await openSession(step, one);
    sessions.push(session);
    return session;
  };
  const recorded = (one: StepPython) => one.version === officialPair;
  const side = (session: Session, engine: StepEngine, one: StepPython): Side => ({
    session,
    version: engine.version,
    contract: engine.contract,
    pin: engine.version === pin,
    golden: engine.version === pin && recorded(one),
    round: 1,
  });
  try {
    const diffs: BehaviourDiff[] = [];
    const old = await open(python.from);
    const both = { ...step, clients: await old.hello(step.clients) };
    const movedEngine = from.version !== to.version;
    const movedPython = python.from.version !== python.to.version;
    // The exec SDK for Python is a package of its own.
    const moved = clientsWhere(
      (one) => one.maker === 'official' && one.language === 'python' && one.family === 'app-server',
    );
    // Where Python moves too, ours is compared with its new version; on the pin, that is what the goldens show.
    const laterOnes = movedPython && to.version !== pin ? moved : [];
    const ours = (before: Side, later: boolean) => ({
      ours: { before, clients: both.clients, against: (client: ClientId) => laterOnes.includes(client) === later },
    });
    if (movedEngine || !movedPython) {
      step.note(`engine ${from.version} → ${to.version}, with the Python SDK ${python.from.version}`);
      const [before, after] = [side(old, from, python.from), side(old, to, python.from)];
      // A version against itself has four observations of its own, two of each side: what differs then is no change.
      const sides = movedEngine
        ? { before, after }
        : { before: { ...before, golden: false }, after: { ...after, golden: false, round: 3 } };
      const request = { ...both, ...sides, ...ours(sides.before, false), blame: 'engine' as const, scripted: false };
      diffs.push(await diffBehaviour(request));
      diffs.push(await diffCommandLines(from.path, to.path, step.signal));
    }
    if (movedPython) {
      step.note(`Python SDK ${python.from.version} → ${python.to.version}, on engine ${to.version}`);
      const fresh = await open(python.to);
      const only = both.clients.filter(({ client }) => moved.includes(client));
      const [before, after] = [side(old, to, python.from), side(fresh, to, python.to)];
      const request = { ...both, clients: only, before, after, ...ours(side(old, from, python.from), true) };
      diffs.push(await diffBehaviour({ ...request, blame: 'python', scripted: true }));
    }
    // The time of an interrupted run is part of what the step took.
    const earlier = old.options.finished?.earlierMs ?? 0;
    return diffs.map((diff, at) => (at === 0 ? { ...diff, durationMs: diff.durationMs + earlier } : diff));
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
    await sessions[0]?.options.finished?.took(performance.now() - begun);
    await removeCells(step.folders);
  }
}

async function openSession(step: Step, python: StepPython): Promise<Session> {
  const { folders, from, to, pinned } = step;
  // Observations of another Python have a folder of their own: a cell's name does not say which Python it was.
  const out = `${folders.out}/python-${python.version}`;
  const own = { ...folders, out, raw: `${out}/raw` };
  if (!step.resume) await rm(own.raw, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const { inputs } = await readSources(folders.repository);
  // A cell's name says which engine it was, except for the pin.
  const facts = [inputs, pinned.sha256, python, process.version];
  const digest = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
  const finished = await FinishedCells.open(out, digest, step.resume);
  const others = [from, to].filter(({ version }) => version !== pinned.version);
  return Session.open({
    folders: own,
    engine: pinned,
    others: new Map(others.map((engine) => [engine.version, engine])),
    contracts: new Map([from, to].map(({ version, contract }) => [version, contract])),
    finished,
    present: step.clients,
    pinned: { version: readEngineLock().pin, sha256: 'fake' },
    python: python.path,
    signal: step.signal,
  });
}
