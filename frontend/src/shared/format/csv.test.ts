/** CSV text: quoting, and cells that a spreadsheet would run. */

import { describe, expect, it } from 'vitest';
import { csvCell, toCsv } from './csv';

describe('a CSV cell', () => {
  it.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1'])('does not run %j as a formula', (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  });

  it.each(['-12.5', '0', '189.37', '-3'])('leaves the number %s a number', (text) => {
    expect(csvCell(text)).toBe(text);
  });

  it('quotes commas, quotes and line ends', () => {
    expect(csvCell('a,b')).toBe('"a,b"');
    expect(csvCell('say "hi"')).toBe('"say ""hi"""');
    expect(csvCell('one\ntwo')).toBe('"one\ntwo"');
  });
});

describe('a CSV table', () => {
  it('has a line for each row and nothing where a cell is nothing', () => {
    expect(toCsv([['a', 'b', 'c'], ['1', null, undefined]])).toBe('a,b,c\r\n1,,\r\n');
  });
});
