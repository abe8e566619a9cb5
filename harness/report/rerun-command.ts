/** The command that runs just this cell again, and leaves the report as it is. */
export function rerunCommand(cell: { scenario: string; client: string; engine: string }): string {
  return `npm run parity -- rerun ${cell.scenario}/${cell.client}/${cell.engine}`;
}
