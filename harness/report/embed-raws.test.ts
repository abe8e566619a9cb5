import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellPath } from '../cell/cell-path.ts';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellResult, Verdict } from '../cell/types.ts';
import { normalise } from '../normalise/normalise.ts';
import { writeObservation } from '../observation/observation-file.ts';
import type { Observation, ObservationBody } from '../observation/types.ts';
import { embedRaws } from './embed-raws.ts';
import type { RawLines } from './model.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinproof-raws-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const call = (op: string): ObservationBody => ({ ch: 'call', lane: 'main', op, args: {} });
// No client is compared by what its engine logs: normalising drops the line.
const bodies = [call('a'), { ch: 'stderr' as const, text: 'noise' }, call('b')];

function observation(scenario: string): Observation {
  const at = (name: string) => path.join('/run', name);
  const paths = {
    root: '/run',
    workspace: at('w'),
    home: at('h'),
    codexHome: at('c'),
    tmp: at('t'),
    launcher: at('l'),
  };
  const versions = { clientVersion: '1', engineVersion: '1', engineSha256: 'x', platform: 'linux' };
  return {
    header: { kind: 'observation', schemaVersion: 1, scenario, client: 'ts', engine: 'real', ...versions, paths },
    lines: bodies.map((body, t) => ({ t, ...body })),
  };
}

async function cell(scenario: string, verdict: Verdict): Promise<CellResult> {
  await writeObservation(path.join(folder, scenario), observation(scenario));
  return sampleCell({ scenario, verdict, raw: scenario });
}

const fileOf = ({ raw }: CellResult) => path.join(folder, raw ?? '');
const unpack = (packed: string) => JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as RawLines;

test('each normalised line names the raw line that it was made of', async () => {
  const result = await cell('one', 'mismatch');
  const normalised = normalise(observation('one'));
  const { raws } = await embedRaws([result], new Map([[cellPath(result), normalised]]), fileOf);
  const { lines, origins } = unpack(raws[0] ?? '');
  expect(lines).toHaveLength(3);
  expect(normalised.lines).toHaveLength(2);
  expect(origins).toEqual({ 'user/main': [0, 2] });
});

test('what fails comes first, as far as there is room; what is gone is left out', async () => {
  const cells = await Promise.all([cell('fine', 'match'), cell('bad', 'mismatch'), cell('worse', 'mismatch')]);
  const gone: CellResult = { ...(cells[0] as CellResult), scenario: 'gone', raw: 'gone', verdict: 'could-not-run' };
  const { raws } = await embedRaws(cells, new Map(), fileOf);
  const room = raws.slice(0, 2).join('').length;
  const { places } = await embedRaws([gone, ...cells], new Map(), fileOf, room);
  expect([...places.keys()]).toEqual(['bad/ts/real', 'worse/ts/real']);
});
