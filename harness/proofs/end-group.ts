/** Kills a program that was started `detached`, and everything it has started in its group. */
export function endGroup(child: { pid?: number | undefined; kill(signal: 'SIGKILL'): unknown }): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It exited by itself in the meantime.
  }
}
