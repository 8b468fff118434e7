/** The tape's arrows tell the way of the last move. */
import { expect, it } from 'vitest';
import { ticksOf } from './ticks';

it('keeps the way of the last move while the price stays', () => {
  const newestFirst = ['9.00', '10.00', '10.00', '9.50', '9.50'].map((price) => ({ price }));
  expect(ticksOf(newestFirst)).toEqual(['down', 'up', 'up', 'same', 'same']);
  expect(ticksOf([])).toEqual([]);
});
