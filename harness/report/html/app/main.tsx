import { render } from 'preact';
import type { ReportModel } from '../../model.ts';
import { App } from './app.tsx';
import { decode } from './shared/decode.ts';
import { indexReport } from './shared/report-index.ts';
import { showVisible } from './shared/show-visible.ts';

async function start(page: HTMLElement): Promise<void> {
  showVisible();
  try {
    const report = indexReport(await decode<ReportModel>('model'));
    page.replaceChildren();
    render(<App report={report} />, page);
  } catch (error) {
    page.textContent = `This report cannot be shown: ${(error as Error).message}. Its file may be cut, or the browser older than 2023.`;
    throw error;
  }
}

const page = document.getElementById('page');
if (page !== null) void start(page);
