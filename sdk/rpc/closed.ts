/** The members of a union of texts that are spelled out; never if none is. */
type Literals<T> = T extends string ? (string extends T ? never : T) : never;

/**
 * A type of the protocol as an answer: texts that the engine may extend are only those that the contract spells out. The protocol's own types are
 * open, because what comes from a later engine must still have a type.
 */
export type Closed<T> = T extends readonly (infer Item)[]
  ? readonly ClosedMember<Item>[]
  : T extends object
    ? { [Key in keyof T]: ClosedMember<T[Key]> }
    : T;

type ClosedMember<T> = unknown extends T
  ? T
  : [Literals<T>] extends [never]
    ? Closed<T>
    : Literals<T> | Closed<Exclude<T, string>>;
