/**
 * Whether a scenario id matches a glob: `*` within a folder, `**` across folders, `?` one character, `{a,b}` either. A
 * glob without any of these matches the id itself and everything in the folder with that name.
 */
export function matchesId(id: string, glob: string): boolean {
  if (!/[*?{]/.test(glob)) return id === glob || id.startsWith(`${glob.replace(/\/$/, '')}/`);
  const source = glob
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(
      /\*\*\/|\*\*|\*|\?/g,
      (part) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[part] ?? part,
    )
    .replace(/\{([^{}]*)\}/g, (_, options: string) => `(?:${options.replaceAll(',', '|')})`);
  return new RegExp(`^${source}$`).test(id);
}
