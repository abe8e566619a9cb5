import { clientFacts } from '../../clients/clients.ts';
import { goldenPath, readGolden } from '../../golden/golden-file.ts';
import type { NormalisedLine } from '../../normalise/types.ts';
import { seeded } from '../../proofs/sample.ts';
import type { StandingScenario } from '../../scenario/types.ts';
import type { Explorer } from '../explorer.ts';
import type { Explored, ExploredScenario, Finding, Player } from '../types.ts';
import { type Causality, causalityOf } from './causality.ts';
import { orderedScenario, unsayable } from './ordered-script.ts';
import { type Schedule, schedulesOf, shrunk } from './schedules.ts';

export interface InterleaveOptions {
  goldens: string;
  /** How many orders of each scenario. */
  most: number;
  seed: number;
  /** Only this order, of the one scenario. */
  order?: Schedule;
  /** Players beside our client and the reference of the golden. */
  others?: readonly Player[];
}

/** An order in which ours does something else than in the recorded one, and Python does not. */
export interface OrderFinding {
  scenario: ExploredScenario;
  order: Schedule;
  /** The keys of the lines that come early. */
  moved: string[];
  findings: readonly Finding[];
}

/** What the orders of one scenario have shown. */
export interface Orders {
  scenario: string;
  /** Why none could be played. */
  skipped?: string;
  /** How many were played, without the recorded one. */
  played: number;
  /** Whether these are all that are possible. */
  all: boolean;
  /** In how many the outcome is another one, in the reference and in ours alike: it depends on the order. */
  dependent: number;
  /** In how many the reference alone has another outcome. */
  reference: number;
  /** How many were played in two ways when they were played twice. */
  unsteady: number;
  findings: OrderFinding[];
}

type Judged = 'same' | 'dependent' | 'reference' | 'unsteady' | 'found';

/**
 * Plays a scenario in other orders than the recorded one, and demands the same outcome.
 * @param onPlayed hears of each order
 */
export async function interleave(
  explorer: Explorer,
  scenario: StandingScenario,
  options: InterleaveOptions,
  onPlayed: (count: { done: number; of: number }) => void = () => undefined,
): Promise<Orders> {
  const none = { scenario: scenario.id, played: 0, all: false, dependent: 0, reference: 0, unsteady: 0, findings: [] };
  const golden = await readGolden(goldenPath(options.goldens, scenario.id));
  if (golden === undefined) return { ...none, skipped: 'it has no golden' };
  const { lines, header } = golden;
  const why = unsayable(lines);
  if (why !== undefined) return { ...none, skipped: why };
  const players = playersOf(header.client, options.others);
  const one = new Interleaving(explorer, scenario, lines, players);
  const recorded = await one.play(one.causality.moves.map((_, move) => move));
  if (recorded.verdict !== 'same' || recorded.plays.some(({ hang }) => hang !== undefined))
    return { ...none, skipped: `in the recorded order: ${recorded.findings[0]?.what ?? 'a step never ends'}` };
  one.recorded = recorded;
  const { schedules, all } =
    options.order === undefined
      ? schedulesOf(one.causality, options.most, seeded(options.seed))
      : { schedules: [options.order], all: false };
  const orders: Orders = { ...none, all };
  for (const schedule of schedules) {
    const explored = await one.play(schedule);
    const judged = one.judge(explored);
    orders.played += 1;
    if (judged === 'found') orders.findings.push(await one.finding(schedule, explored, orders.findings.length));
    else if (judged !== 'same') orders[judged] += 1;
    onPlayed({ done: orders.played, of: schedules.length });
    // One is enough to look at, and each costs a search for its shortest form.
    if (orders.findings.length > 0) break;
  }
  return orders;
}

const playersOf = (client: string, others: readonly Player[] = []): Player[] =>
  client === 'python' || client === 'python-async'
    ? [{ client: client as Player['client'] }, ...others, { client: 'ts' as Player['client'] }]
    : [{ client: 'ts' as Player['client'] }];

class Interleaving {
  readonly causality: Causality;
  recorded: Explored | undefined;
  readonly #explorer: Explorer;
  readonly #scenario: StandingScenario;
  readonly #lines: readonly NormalisedLine[];
  readonly #players: readonly Player[];

  constructor(
    explorer: Explorer,
    scenario: StandingScenario,
    lines: readonly NormalisedLine[],
    players: readonly Player[],
  ) {
    this.#explorer = explorer;
    this.#scenario = scenario;
    this.#lines = lines;
    this.#players = players;
    this.causality = causalityOf(lines, scenario.steps);
  }

  ordered(schedule: Schedule, id = 'interleave/order'): ExploredScenario {
    return orderedScenario(this.#scenario, this.#lines, this.causality, schedule, id);
  }

  play(schedule: Schedule): Promise<Explored> {
    return this.#explorer.explore({ scenario: this.ordered(schedule), players: this.#players });
  }

  judge({ verdict, plays }: Explored): Judged {
    if (verdict === 'unsteady') return 'unsteady';
    const changed = (ours: boolean) =>
      plays.some(
        ({ client, outcome, hang, left, failure }, index) =>
          (clientFacts(client).maker === 'ours') === ours &&
          (outcome !== this.recorded?.plays[index]?.outcome ||
            hang !== undefined ||
            left !== undefined ||
            failure !== undefined),
      );
    if (!changed(true)) return changed(false) ? 'reference' : 'same';
    return changed(false) && verdict === 'same' ? 'dependent' : 'found';
  }

  /** The shortest form of what an order shows. */
  async finding(found: Schedule, explored: Explored, number: number): Promise<OrderFinding> {
    let last = explored;
    const order = await shrunk(this.causality, found, async (tried) => {
      const played = await this.play(tried);
      if (this.judge(played) !== 'found') return false;
      last = played;
      return true;
    });
    const name = this.#scenario.id.replaceAll('/', '-');
    const ours = last.plays.find(({ client }) => clientFacts(client).maker === 'ours');
    const another: Finding = {
      client: ours?.client ?? ('ts' as Player['client']),
      kind: 'difference',
      what: 'another outcome than in the recorded order',
    };
    return {
      scenario: this.ordered(order, `interleave/${name}${number === 0 ? '' : `-${number + 1}`}`),
      order,
      moved: movedIn(order).map((move) => this.#lines[this.causality.moves[move] as number]?.key ?? ''),
      findings: last.findings.length > 0 ? last.findings : [another],
    };
  }
}

/** The moves that come before one that was recorded before them. */
const movedIn = (order: Schedule): number[] =>
  order.filter((move, at) => order.slice(at + 1).some((later) => later < move));
