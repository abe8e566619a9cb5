/** The command that runs just this cell again. */
export function replayCommand(cell: { scenario: string; client: string; engine: string }): string {
  return `npm run parity -- run --scenario ${cell.scenario} --client ${cell.client} --engine ${cell.engine}`;
}
