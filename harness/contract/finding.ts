/** Whose fault it is that a message breaks the contract. `harness`: the log itself is broken. */
export type Blame = 'client' | 'engine' | 'fake' | 'harness';

/** One message, or one part of it, that the contract does not allow. */
export interface Finding {
  blame: Blame;
  /** The method of the message, or of the request it answers; `null` if unknown. */
  method: string | null;
  /** JSON pointer into the message. */
  path: string;
  message: string;
}
