import type { ModelAnswer } from '../../testing/model/model-answer.ts';
import type { Path } from '../data/yaml-source.ts';

/** A place where the scripted model waits for a latch. */
export interface Hold {
  latch: string;
  path: Path;
}

/** Every latch that the scripted answers wait for, in their order. */
export function modelLatches(model: readonly ModelAnswer[] = []): Hold[] {
  return model.flatMap((answer, i): Hold[] => [
    ...(answer.hold === undefined ? [] : [{ latch: answer.hold, path: ['model', i, 'hold'] }]),
    ...(answer.parts ?? []).flatMap((part, j): Hold[] =>
      'hold' in part && part.hold !== undefined ? [{ latch: part.hold, path: ['model', i, 'parts', j, 'hold'] }] : [],
    ),
  ]);
}
