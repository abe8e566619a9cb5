import { createHash } from 'node:crypto';

export interface HtmlPage {
  /** As text. */
  title: string;
  style: string;
  /** Markup of the body, without the script. */
  body: string;
  /** Runs at the end of the body. Default: the page has none, and may run none. */
  script?: string;
}

/**
 * A page in one file that opens offline. Its content security policy allows its own style and script by their hashes, and nothing else: no request, no
 * other script.
 */
export function htmlPage({ title, style, body, script }: HtmlPage): string {
  const policy = [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hash(script)}`]),
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${asText(title)}</title>
<style>${style}</style>
</head>
<body>
${body}${script === undefined ? '' : `<script>${script}</script>`}
</body>
</html>
`;
}

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Markup that shows this text, whatever is in it; what would hide or reorder it is shown as �. */
export const asText = (value: string): string =>
  value
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (one) => (one === '\n' ? '\n' : '�'))
    .replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
