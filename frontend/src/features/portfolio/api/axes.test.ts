/** The marks at the axes of the equity chart. */
import { describe, expect, it } from 'vitest';
import { moneyMarks, timeMark } from './axes';

describe('marks of time', () => {
  it('stand at full minutes and leave out the end of the line', () => {
    expect(timeMark(1_795_413_600, false)).toMatch(/^\d\d:\d\d$/);
    expect(timeMark(1_795_413_641, false)).toBe('');
  });
});

describe('marks of money', () => {
  it('leave out cents that are all nothing', () => {
    expect(moneyMarks([401_000, 401_250, 401_500])).toEqual(['$401,000', '$401,250', '$401,500']);
  });

  it('have cents when they lie less than a dollar apart', () => {
    expect(moneyMarks([100, 100.5, 101])).toEqual(['$100.00', '$100.50', '$101.00']);
  });
});
