/** What says most against us comes first. */
export const ledgerKinds = ['ts-defect', 'idiom', 'safer-by-design', 'python-defect', 'upstream'] as const;
export type LedgerKind = (typeof ledgerKinds)[number];
