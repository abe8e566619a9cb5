/** Lets what is due happen: so many rounds of the event loop. */
export async function rounds(count = 20): Promise<void> {
  for (let round = 0; round < count; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
