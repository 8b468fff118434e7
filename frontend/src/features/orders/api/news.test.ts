/** What is told of order events to a person who may be looking elsewhere. */
import { describe, expect, it } from 'vitest';
import { newsOf } from './news';
import { aFill, anEvent } from './samples';

describe('news', () => {
  it('of a fill say what was traded, at which price and what is left', () => {
    expect(newsOf([aFill(4, 6, '189.37')])).toEqual([
      { orderId: 'order-1', tone: 'good', title: 'Bought 4 AAPL', text: 'At 189.37. 6 still to fill.' },
    ]);
  });

  it('of several fills of one order are one', () => {
    const [news, ...more] = newsOf([aFill(4, 6, '189.30'), aFill(6, 0, '189.35')]);
    expect(news).toMatchObject({ title: 'Bought 10 AAPL', text: 'At 189.33 on average. The order is filled.' });
    expect(more).toEqual([]);
  });

  it('of an order that filled in part and ended say both', () => {
    const ended = anEvent('canceled', { reason: 'nothing_to_match', remaining: 6 });
    expect(newsOf([aFill(4, 6), ended])[0]).toMatchObject({ tone: 'good', text: 'At 189.30. 6 were not filled.' });
  });

  it('of a rejection give the reason', () => {
    expect(newsOf([anEvent('rejected', { reason: 'insufficient_buying_power' })])[0]).toMatchObject({
      tone: 'bad',
      title: 'AAPL order rejected',
      text: 'Not enough buying power.',
    });
  });

  it('show a reason that this page does not know yet', () => {
    expect(newsOf([anEvent('rejected', { reason: 'phase_of_moon' })])[0]?.text).toBe('phase of moon.');
  });

  it('are not made of what the person wished, nor of what merely rests', () => {
    const events = [anEvent('placed'), anEvent('rested'), anEvent('canceled', { reason: 'requested', remaining: 10 })];
    expect(newsOf(events)).toEqual([]);
  });
});
