/** Notifications that the life cycle is told by: few, and none of a model's text. */
const toldMethods: ReadonlySet<string> = new Set([
  'item/completed',
  'item/started',
  'thread/closed',
  'thread/tokenUsage/updated',
  'turn/completed',
  'turn/started',
]);

export const isTold = (method: string): boolean => toldMethods.has(method);
