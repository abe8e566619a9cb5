import { expect, it } from 'vitest';
import { readEngineLock } from '../../native/index.ts';
import { parseCell, type RerunArgs } from './rerun.ts';

const { pin, officialPair } = readEngineLock();

it.each<[RerunArgs, ReturnType<typeof parseCell>]>([
  [{ cell: 'exec/a/b/ts-exec/real' }, { id: 'exec/a/b', client: 'ts-exec', engine: 'real', engineVersion: undefined }],
  [
    { cell: 'turns/plain', client: 'ts' },
    { id: 'turns/plain', client: 'ts', engine: undefined, engineVersion: undefined },
  ],
  // The last two of a scenario's id may be such words.
  [{ cell: 'turns/real' }, { id: 'turns/real', client: undefined, engine: undefined, engineVersion: undefined }],
  [{ cell: `a/b/ts/real-${officialPair}` }, { id: 'a/b', client: 'ts', engine: 'real', engineVersion: officialPair }],
  [{ cell: `a/b/ts/real-${pin}` }, { id: 'a/b', client: 'ts', engine: 'real', engineVersion: undefined }],
  [
    { cell: 'a/b/ts/fake-0.171.0' },
    { id: 'a/b/ts/fake-0.171.0', client: undefined, engine: undefined, engineVersion: undefined },
  ],
  [
    { cell: 'a/b', 'engine-version': '0.169.0' },
    { id: 'a/b', client: undefined, engine: undefined, engineVersion: '0.169.0' },
  ],
])('%j names %j', (args, cell) => expect(parseCell(args)).toEqual(cell));

it.each<[RerunArgs, string]>([
  [{ cell: 'a/b/ts/fake', engine: 'real' }, 'a cell that names its client and engine'],
  [{ cell: 'a/b', client: 'ts,python' }, 'expected one of'],
  [{ cell: 'a/b', engine: 'reel' }, 'expected one of real, fake'],
  [{ cell: 'a/b/ts/real-0.1.0' }, 'expected one of 0.163.0'],
  [{ cell: 'a/b', engine: 'fake', 'engine-version': officialPair }, 'got the fake'],
  [{ cell: 'a/b', 'engine-version': '0.169.0,0.171.0' }, 'expected one version'],
])('%j is refused', (args, message) => expect(() => parseCell(args)).toThrow(message));
