import { channel } from 'node:diagnostics_channel';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { Codex, type CodexConfig, lifeCycleChannels, memoryTransport } from '../../sdk/index.ts';
import { median } from './median.ts';

const deltasOfTurn = 2_000;
const turnsOfRound = 20;

/** CPU milliseconds of some turns with an engine in this process, which costs the same each time. */
async function cpuOf(config: CodexConfig): Promise<number> {
  const { transport, peer } = memoryTransport();
  const codex = new Codex({ transport: () => transport, ...config });
  const answer = async (result: object) => {
    const { id } = JSON.parse(await peer.next());
    peer.send(JSON.stringify({ id, result }));
  };
  const connecting = codex.connect();
  await answer({ userAgent: 'engine/0.171.0' });
  await peer.next();
  await connecting;
  const [thread] = await Promise.all([codex.threadResume('th'), answer({ thread: { id: 'th' } })]);
  const before = process.cpuUsage();
  for (let turn = 0; turn < turnsOfRound; turn += 1) {
    const of = { threadId: 'th', turnId: `t${turn}` };
    const running = thread.run('hi');
    await answer({ turn: { id: of.turnId } });
    const notify = (method: string, params: object) =>
      peer.send(JSON.stringify({ method, params: { ...of, ...params } }));
    notify('turn/started', { turn: { id: of.turnId } });
    notify('item/started', { item: { type: 'agentMessage', id: 'm', text: '' } });
    for (let at = 0; at < deltasOfTurn; at += 1) notify('item/agentMessage/delta', { itemId: 'm', delta: 'word ' });
    notify('item/completed', { item: { type: 'agentMessage', id: 'm', text: 'words' } });
    notify('turn/completed', { turn: { id: of.turnId, items: [], status: 'completed' } });
    await running;
  }
  const { user, system } = process.cpuUsage(before);
  await codex.close();
  return (user + system) / 1000;
}

/** What telemetry costs: CPU of turns of 2,000 deltas, each way beside the same turns without it. */
export async function measureTelemetry(rounds: number, print: (line: string) => void): Promise<number> {
  const names = Object.keys(lifeCycleChannels).map((name) => `twinproof.${name}`);
  const hear = () => {};
  const spans = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new InMemorySpanExporter())] });
  const ways: Record<string, () => Promise<number>> = {
    unused: () => cpuOf({}),
    'unused again': () => cpuOf({}),
    channels: async () => {
      for (const name of names) channel(name).subscribe(hear);
      try {
        return await cpuOf({});
      } finally {
        for (const name of names) channel(name).unsubscribe(hear);
      }
    },
    opentelemetry: () => cpuOf({ telemetry: { tracerProvider: spans } }),
    logger: () => cpuOf({ logger: { debug: hear, info: hear } }),
  };
  for (const way of Object.values(ways)) await way();
  const ratios = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    const base = await cpuOf({});
    for (const [name, way] of Object.entries(ways)) {
      const all = ratios.get(name) ?? [];
      ratios.set(name, [...all, (await way()) / base]);
    }
  }
  print(
    `telemetry: CPU of ${turnsOfRound} turns of ${deltasOfTurn} deltas, beside the same turns without it, medians of ${rounds}`,
  );
  let code = 0;
  for (const [name, all] of ratios) {
    const ratio = median(all);
    const met = ratio <= 1.1;
    if (!met) code = 1;
    print(`  ${name.padEnd(14)} × ${ratio.toFixed(3)}${met ? '' : ' (goal: at most 1.1)'}`);
  }
  return code;
}
