/** The depth on the page is the book's, or it is fetched again. */
import { describe, expect, it } from 'vitest';
import { applyChange, applyChanges, bookOf, isThin, type Book } from './book';
import type { LiveLevel } from './protocol';

const snapshot = {
  sequence: 10,
  bids: [{ p: 99.5, s: 10, n: 1 }, { p: 99, s: 20, n: 2 }],
  asks: [{ p: 100, s: 5, n: 1 }, { p: 100.5, s: 7, n: 1 }],
};

function change(previous_sequence: number, sequence: number, ...levels: LiveLevel[]) {
  return { previous_sequence, sequence, levels };
}

function shown(book: Book | undefined) {
  return book && { bids: book.bids.map((l) => [l.price, l.quantity]), asks: book.asks.map((l) => [l.price, l.quantity]) };
}

describe('book', () => {
  it('adds, changes and removes levels, and keeps the best first', () => {
    const book = bookOf(snapshot, 10);

    const next = applyChange(book, change(10, 12, ['buy', '99.70', 3, 1], ['buy', '99.00', 0, 0], ['sell', '100.5', 9, 2]));

    expect(next?.sequence).toBe(12);
    expect(shown(next)).toEqual({ bids: [['99.70', 3], ['99.50', 10]], asks: [['100.00', 5], ['100.50', 9]] });
  });

  it('sorts by value where text would sort otherwise', () => {
    const next = applyChange(bookOf(snapshot, 10), change(10, 11, ['buy', '9.00', 1, 1], ['sell', '1000.00', 1, 1]));

    expect(next?.bids.map((level) => level.price)).toEqual(['99.50', '99.00', '9.00']);
    expect(next?.asks.map((level) => level.price)).toEqual(['100.00', '100.50', '1000.00']);
  });

  it('knows what it has heard before', () => {
    const book = bookOf(snapshot, 10);
    expect(applyChange(book, change(8, 10, ['buy', '1.00', 1, 1]))).toBe(book);
  });

  it('takes a merged change that began before its snapshot', () => {
    const next = applyChange(bookOf(snapshot, 10), change(7, 11, ['buy', '99.50', 4, 1]));
    expect(shown(next)?.bids[0]).toEqual(['99.50', 4]);
  });

  it('never steps over a gap', () => {
    const book = bookOf(snapshot, 10);

    expect(applyChange(book, change(11, 12, ['buy', '99.50', 0, 0]))).toBeUndefined();
    const { book: until, missing } = applyChanges(book, [change(10, 11, ['buy', '99.50', 1, 1]), change(12, 13)]);

    expect(missing).toBe(true);
    expect(until.sequence).toBe(11);
  });

  it('shows nothing beyond the edge of a cut-off snapshot, and says when it has been eaten', () => {
    const cut = bookOf(snapshot, 2);

    const next = applyChange(cut, change(10, 11, ['buy', '98.00', 50, 1], ['buy', '99.50', 0, 0]));

    expect(shown(next)?.bids).toEqual([['99.00', 20]]);
    expect(next && isThin(next, 2)).toBe(true);
    expect(isThin(bookOf(snapshot, 10), 20)).toBe(false);
  });
});
