/** The machine's monotonic clock in nanoseconds, which every process of a run reads (see ObservationLine). */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}
