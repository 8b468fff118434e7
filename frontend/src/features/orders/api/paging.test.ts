/** Walking the list of orders page by page, and the days of its filter. */
import { describe, expect, it } from 'vitest';
import { span, untilAfter, withoutRepeats } from './paging';
import { anOrder } from './samples';

describe('the next page', () => {
  it('begins a microsecond later than the last one ended, so that nothing born in the same one is lost', () => {
    expect(untilAfter('2026-11-23T04:30:00.123456Z')).toBe('2026-11-23T04:30:00.123457Z');
    expect(untilAfter('2026-11-23T04:30:00.000009Z')).toBe('2026-11-23T04:30:00.000010Z');
    expect(untilAfter('2026-11-23T04:30:00Z')).toBe('2026-11-23T04:30:00.000001Z');
    expect(untilAfter('2026-11-23T23:59:59.999999Z')).toBe('2026-11-24T00:00:00.000Z');
  });

  it('shows no order twice', () => {
    const [one, two, three] = ['1', '2', '3'].map((id) => anOrder({ id }));
    expect(withoutRepeats([one!, two!, two!, three!]).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });
});

describe("the filter's days", () => {
  it('are whole ones, both included', () => {
    const { after, until } = span({ from: '2026-11-22', to: '2026-11-23' });
    expect(Date.parse(after!)).toBe(new Date(2026, 10, 22).getTime() - 1);
    expect(Date.parse(until!)).toBe(new Date(2026, 10, 24).getTime());
  });

  it('may be open on either side', () => expect(span({})).toEqual({}));
});
