/** Folders of `harness` that are told apart: each of its own, and within `proofs` each proof. */
function foldersOf(file: string): string[] {
  const [first, second, third, ...rest] = file.split('/');
  if (first !== 'harness' || second === undefined || third === undefined) return [];
  return second === 'proofs' && rest.length > 0 ? ['proofs', `proofs/${third}`] : [second];
}

/** Two files of different folders of `harness`, of which one imports the other. */
export interface FolderImport {
  file: string;
  line: number;
  target: string;
}

/** Imports by which two folders of `harness` import each other, tests included: those of the direction that fewer files go. */
export function mutualFolders(imports: readonly FolderImport[]): (FolderImport & { message: string })[] {
  const edges = new Map<string, FolderImport[]>();
  for (const one of imports) {
    for (const from of foldersOf(one.file)) {
      for (const to of foldersOf(one.target)) {
        // A proof is part of `proofs`: that is no direction.
        if (from === to || from.startsWith(`${to}/`) || to.startsWith(`${from}/`)) continue;
        const edge = `${from} ${to}`;
        edges.set(edge, [...(edges.get(edge) ?? []), one]);
      }
    }
  }
  const problems = new Map<FolderImport, string>();
  for (const [edge, found] of edges) {
    const [from, to] = edge.split(' ') as [string, string];
    const back = edges.get(`${to} ${from}`);
    if (back === undefined || found.length > back.length || (found.length === back.length && from > to)) continue;
    const other = back[0] as FolderImport;
    for (const one of found)
      problems.set(
        one,
        `harness/${from} imports ${one.target}: expected no two folders of harness to import each other, ` +
          `got ${other.file} importing ${other.target}`,
      );
  }
  return [...problems].map(([one, message]) => ({ ...one, message }));
}
