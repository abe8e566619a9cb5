import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose_gc');

/** Collects garbage now. Finalizers run in a later turn of the event loop. */
export const gc = runInNewContext('gc') as () => void;
