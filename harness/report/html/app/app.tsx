import { useLayoutEffect, useState } from 'preact/hooks';
import { cellName as nameOfCell } from '../../../cell/cell-path.ts';
import { CellPage } from './cell/cell-page.tsx';
import { BehaviourPage } from './named/behaviour-page.tsx';
import { EntryPage } from './named/entry-page.tsx';
import { WordsPage } from './named/words-page.tsx';
import { HelpDialog } from './shared/help-dialog.tsx';
import type { ReportIndex } from './shared/report-index.ts';
import { parseRoute, type Route } from './shared/route.ts';
import { TopBar } from './shared/top-bar.tsx';
import { Tooltip } from './shared/word.tsx';
import { StartPage } from './start/start-page.tsx';

/** Empty for the start page; each other page has its own scroll position. */
const pageOf = (route: Route) =>
  route.page === 'start' ? '' : route.page === 'cell' ? route.path : `/${route.page}/${route.name}`;
const scrolls = new Map<string, number>();

/** The URL decides what is shown: every state that is worth a link has one. */
export function App({ report }: { report: ReportIndex }) {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const page = pageOf(route);

  useLayoutEffect(() => {
    const read = () => setRoute(parseRoute(location.hash));
    const keep = () => scrolls.set(pageOf(parseRoute(location.hash)), scrollY);
    addEventListener('hashchange', read);
    addEventListener('scroll', keep, { passive: true });
    return () => {
      removeEventListener('hashchange', read);
      removeEventListener('scroll', keep);
    };
  }, []);

  useLayoutEffect(() => {
    const name = titleOf(report, route);
    document.title = name === undefined ? 'Parity report' : `${name} – Parity report`;
    scrollTo(0, scrolls.get(page) ?? 0);
    if (page !== '') document.querySelector<HTMLElement>('h1')?.focus();
  }, [page]);

  return (
    <>
      <TopBar report={report} page={route.page}>
        <HelpDialog page={route.page === 'cell' ? 'cell' : 'start'} />
      </TopBar>
      <main>
        <Page report={report} route={route} />
      </main>
      <Tooltip />
    </>
  );
}

function Page({ report, route }: { report: ReportIndex; route: Route }) {
  switch (route.page) {
    case 'start':
      return <StartPage report={report} filter={route.filter} />;
    case 'cell':
      return <CellPage key={route.path} report={report} route={route} />;
    case 'words':
      return <WordsPage word={route.name} />;
    case 'known':
      return <EntryPage report={report} id={route.name} />;
    case 'behaviour':
      return <BehaviourPage report={report} id={route.name} />;
  }
}

function titleOf(report: ReportIndex, route: Route): string | undefined {
  if (route.page === 'start') return undefined;
  if (route.page === 'words') return 'Words';
  if (route.page !== 'cell') return route.name;
  const cell = report.cells.get(route.path);
  return cell === undefined ? 'Unknown cell' : nameOfCell(cell);
}
