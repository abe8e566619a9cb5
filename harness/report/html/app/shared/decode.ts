/**
 * Decodes the JSON in the element with this id, which holds it as gzip in base64. Throws if there is none or it is cut
 * off.
 */
export async function decode<T>(id: string): Promise<T> {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`Reading the report: expected an element ${id} with its data, got none.`);
  const packed = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as T;
}
