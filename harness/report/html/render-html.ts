import { createHash } from 'node:crypto';
import type { ReportModel } from '../model.ts';
import { type AppBundle, bundleApp } from './bundle-app.ts';
import { embedJson } from './embed-json.ts';

/**
 * `report.html`: one file that opens offline. Nothing of the model stands in the markup: all of it is in one JSON element, which the
 * program shows as text. The policy allows this program and this style by their hashes, and nothing else: no request, no other script.
 */
export function renderHtml(model: ReportModel, { script, style }: AppBundle = bundleApp()): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
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
<title>Parity report</title>
<style>${style}</style>
</head>
<body>
<main id="page"><noscript>This report is shown by a script inside this file; it asks for nothing from elsewhere.</noscript></main>
<script type="application/json" id="model">${embedJson(model)}</script>
<script>${script}</script>
</body>
</html>
`;
}

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
