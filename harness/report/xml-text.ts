const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser makes spaces of line ends in attributes.
  '\n': '&#10;',
  '\t': '&#9;',
};

/**
 * Text for an XML 1.0 element or attribute. Characters that XML cannot hold even as entities (most controls, lone surrogates) are left
 * out: one escape sequence in an engine's message would make the whole file unreadable.
 */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"\n\t]/g, (character) => entities[character] ?? character);
}
