/** In a worker no engine is a process, so the system has none to list. */
export const listProcesses = async (): Promise<undefined> => undefined;
export const isSame = async (): Promise<false> => false;
