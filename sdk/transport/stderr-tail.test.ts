import { expect, test } from 'vitest';
import { StderrTail } from './stderr-tail.ts';

test('colours and other control sequences are not in what an error quotes', () => {
  const tail = new StderrTail();
  tail.push(Buffer.from('\u001b[2m12:00\u001b[0m \u001b[31mERROR\u001b[0m no home\r\n\u001b]0;title\u0007end'));
  expect(tail.lines).toEqual(['12:00 ERROR no home', 'end']);
  expect(tail.quote).toBe('12:00 ERROR no home\nend');
});
