import { createHash } from 'node:crypto';
import type { ReportModel } from '../model.ts';
import { type AppBundle, bundleApp } from './bundle-app.ts';
import { pack } from './pack.ts';

export interface RenderOptions {
  /** Raw observations, packed; `ReportCell.embedded` is an index into them. Default: none. */
  raws?: readonly string[];
  app?: AppBundle;
}

/**
 * `report.html`: one file that opens offline. Nothing of the model is in the markup: all of it is packed into data
 * elements, which the script shows as text. The content security policy allows this script and this style by their
 * hashes, and nothing else: no request, no other script.
 */
export function renderHtml(model: ReportModel, { raws = [], app = bundleApp() }: RenderOptions = {}): string {
  const { script, style } = app;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const data = (id: string, packed: string) =>
    `<script type="application/octet-stream" id="${id}">${packed}</script>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Parity report</title>
<style>${style}</style>
</head>
<body>
<main id="page"><noscript>This report is shown by a script inside this file; it asks for nothing from elsewhere.</noscript></main>
${data('model', pack(model))}${raws.map((raw, index) => data(`raw-${index}`, raw)).join('')}<script>${script}</script>
</body>
</html>
`;
}

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
