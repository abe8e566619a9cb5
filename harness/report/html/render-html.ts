import type { ReportModel } from '../model.ts';
import { type AppBundle, bundleApp } from './bundle-app.ts';
import { htmlPage } from './html-page.ts';
import { pack } from './pack.ts';

export interface RenderOptions {
  /** Raw observations, packed; `ReportCell.embedded` is an index into them. Default: none. */
  raws?: readonly string[];
  app?: AppBundle;
}

/** `report.html`. Nothing of the model is in the markup: all of it is packed into data elements, which the script shows as text. */
export function renderHtml(model: ReportModel, { raws = [], app = bundleApp() }: RenderOptions = {}): string {
  const data = (id: string, packed: string) =>
    `<script type="application/octet-stream" id="${id}">${packed}</script>\n`;
  return htmlPage({
    title: 'Parity report',
    ...app,
    body: `<div id="page"><noscript>This report is shown by a script inside this file; it asks for nothing from elsewhere.</noscript></div>
${data('model', pack(model))}${raws.map((raw, index) => data(`raw-${index}`, raw)).join('')}`,
  });
}
