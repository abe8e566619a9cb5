/**
 * One circle for each group of files that import one another, its first file the first by name.
 * @param edges file → files it imports
 */
export function findCycles(edges: ReadonlyMap<string, { keys(): Iterable<string> }>): string[][] {
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push(rotate(path.slice(path.indexOf(file))));
      return;
    }
    state.set(file, 'open');
    path.push(file);
    for (const next of [...(edges.get(file)?.keys() ?? [])].sort()) visit(next);
    path.pop();
    state.set(file, 'done');
  };
  for (const file of [...edges.keys()].sort()) visit(file);
  return cycles;
}

function rotate(cycle: string[]): string[] {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '');
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
