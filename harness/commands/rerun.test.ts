import { expect, it } from 'vitest';
import { parseCell, type RerunArgs } from './rerun.ts';

it.each<[RerunArgs, ReturnType<typeof parseCell>]>([
  [{ cell: 'exec/a/b/ts-exec/real' }, { id: 'exec/a/b', client: 'ts-exec', engine: 'real' }],
  [
    { cell: 'turns/plain', client: 'ts' },
    { id: 'turns/plain', client: 'ts', engine: undefined },
  ],
  // The last two of a scenario's id may be such words.
  [{ cell: 'turns/real' }, { id: 'turns/real', client: undefined, engine: undefined }],
])('%j names %j', (args, cell) => expect(parseCell(args)).toEqual(cell));

it.each<[RerunArgs, string]>([
  [{ cell: 'a/b/ts/fake', engine: 'real' }, 'names its client and engine'],
  [{ cell: 'a/b', client: 'ts,python' }, 'expected one of'],
  [{ cell: 'a/b', engine: 'reel' }, 'expected one of real, fake'],
])('%j is refused', (args, message) => expect(() => parseCell(args)).toThrow(message));
