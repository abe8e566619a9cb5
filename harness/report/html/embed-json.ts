/**
 * JSON that may stand inside a `<script>` element: no `<` that could end the element or open a comment in it, and none of the two line
 * separators that older scripts cannot hold. It reads back as the same value.
 */
export function embedJson(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
}
