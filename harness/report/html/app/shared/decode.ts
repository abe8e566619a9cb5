/** JSON that the file holds as gzip in base64, in the element of this id. Throws when there is none, or it is cut. */
export async function decode<T>(id: string): Promise<T> {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`This report has no element ${id}; wanted the data that it shows`);
  const packed = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as T;
}
