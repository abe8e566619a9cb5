import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * The links of Markdown files that lead nowhere: to a file that is not below `root`, or to a heading that its page does not have. Addresses and what
 * stands in code are left alone.
 * @param files relative to `root`
 * @returns `FILE:LINE: TARGET`
 */
export function deadLinks(root: string, files: readonly string[]): string[] {
  const dead: string[] = [];
  const known = new Map<string, Set<string>>();
  const anchorsOf = (page: string) => {
    const found = known.get(page) ?? anchors(readFileSync(page, 'utf8'));
    known.set(page, found);
    return found;
  };
  for (const file of files) {
    for (const [at, line] of prose(readFileSync(join(root, file), 'utf8')).entries()) {
      const targets = [...line.matchAll(/\]\(([^()\s]+)\)/g), ...line.matchAll(/^\[[^\]]+\]: (\S+)/g)];
      for (const [, target = ''] of targets)
        if (!/^[a-z]+:/.test(target) && !leads(root, file, target, anchorsOf))
          dead.push(`${file}:${at + 1}: ${target}`);
    }
  }
  return dead;
}

function leads(root: string, file: string, target: string, anchorsOf: (page: string) => Set<string>): boolean {
  const [path = '', heading] = target.split('#');
  const page = path === '' ? join(root, file) : join(root, dirname(file), path);
  const within = relative(root, page);
  if (within === '..' || within.startsWith(`..${sep}`) || !existsSync(page)) return false;
  return heading === undefined || !page.endsWith('.md') || anchorsOf(page).has(heading);
}

/** Its lines; those of code are empty, and so is code within a line. */
function prose(text: string): string[] {
  let fence: string | undefined;
  return text.split('\n').map((line) => {
    const [, mark] = /^\s*(```+|~~~+)/.exec(line) ?? [];
    if (fence === undefined && mark === undefined)
      return line.replace(/`[^`]*`/g, (code) => (/\]\(/.test(code) ? '' : code));
    fence = fence === undefined ? mark : mark?.startsWith(fence) ? undefined : fence;
    return '';
  });
}

/** What may stand behind `#`: headings as GitHub names them, and the anchors that a page sets itself. */
function anchors(text: string): Set<string> {
  const found = new Set<string>();
  for (const line of prose(text)) {
    for (const [, id = ''] of line.matchAll(/<a id="([^"]+)">/g)) found.add(id);
    const [, heading] = /^#{1,6} (.*)$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const plain = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let name = plain;
    for (let n = 1; found.has(name); n += 1) name = `${plain}-${n}`;
    found.add(name);
  }
  return found;
}
