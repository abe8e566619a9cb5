import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serverRequestRoutes } from '../protocol/index.ts';
import { safeAnswer } from '../rpc/server-requests.ts';

const page = readFileSync(new URL('../../docs/approvals.md', import.meta.url), 'utf8');

test('the page has the safe answer of every request of the contract, as it is sent', () => {
  const rows = new Map(
    [...page.matchAll(/^\| `([^`]+)` \| (?:`(\{[^`]+\})`|an error.*) \|$/gm)].map(([, name, result]) => [name, result]),
  );
  for (const method of Object.keys(serverRequestRoutes)) {
    const answer = safeAnswer(method);
    expect([method, rows.get(method)]).toEqual([
      method,
      'result' in answer ? JSON.stringify(answer.result) : undefined,
    ]);
    expect(rows.has(method), method).toBe(true);
  }
});
