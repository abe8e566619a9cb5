/** A process of this machine. Its id may be used again once it is gone; with the time of its start, it is one process. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  /** When it was started, in the system's own words. */
  start: string;
  /** Its environment when it was started, `NAME=value` after one another; empty if it belongs to another user. */
  environment: string;
}

const macLine = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w{3} \w{3}\s+\d+ [\d:]{8} \d{4}) (.*)$/;

/** What `ps` of macOS writes. A value of an environment may have more than one line. */
export function readMac(text: string): ProcessEntry[] {
  const entries: (ProcessEntry & { ended: boolean })[] = [];
  for (const line of text.split('\n')) {
    const [, pid, parent, state = '', start = '', environment = ''] = macLine.exec(line) ?? [];
    const before = entries.at(-1);
    if (pid !== undefined)
      entries.push({ pid: Number(pid), parent: Number(parent), start, environment, ended: state.startsWith('Z') });
    else if (before) before.environment += `\n${line}`;
  }
  return entries.filter(({ ended }) => !ended).map(({ ended, ...entry }) => entry);
}
