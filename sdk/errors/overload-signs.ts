const overloaded = 'server_overloaded';

/** Whether an error's data says "server overloaded", in any of the places where the engine has put it, at any depth. */
export function isOverloadData(data: unknown): boolean {
  if (typeof data === 'string') return data.toLowerCase() === overloaded;
  if (data !== null && typeof data === 'object') return Object.values(data).some(isOverloadData);
  return false;
}

/** Whether a text says that the engine has used up its own retries. */
export function isRetryLimitText(message: string): boolean {
  const lowered = message.toLowerCase();
  return lowered.includes('retry limit') || lowered.includes('too many failed attempts');
}
