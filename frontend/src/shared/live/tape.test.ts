/** The tape shows each print once and in order, however it came to know of it. */
import { describe, expect, it } from 'vitest';
import { hasGap, heardTrade, LONGEST_TAPE, mergeTape, tradeOf, type Trade } from './tape';

const print = (number: number): Trade => ({ number, price: '1.00', size: 1, takerSide: 'buy', at: '2026-01-01T00:00:00Z' });
const numbers = (tape: readonly Trade[]) => tape.map(({ number }) => number);

describe('tape', () => {
  it('reads a fetched print and a heard one alike', () => {
    const at = '2026-01-01T00:00:00Z';
    const fetched = tradeOf({ t: at, p: 189.3, s: 5, i: 7, tks: 'S' });
    const heard = heardTrade({ number: 7, price: '189.30', size: 5, taker_side: 'sell', at });
    expect(fetched).toEqual(heard);
  });

  it('shows the newest first and a print that came twice once', () => {
    expect(numbers(mergeTape([print(3), print(2)], [print(2), print(4), print(4), print(1)]))).toEqual([4, 3, 2, 1]);
  });

  it('is the same tape when nothing is new', () => {
    const tape = [print(2), print(1)];
    expect(mergeTape(tape, [print(1)])).toBe(tape);
  });

  it('is bounded', () => {
    const long = Array.from({ length: LONGEST_TAPE + 50 }, (_, index) => print(index + 1));
    const tape = mergeTape([], long);
    expect(tape).toHaveLength(LONGEST_TAPE);
    expect(tape[0]?.number).toBe(LONGEST_TAPE + 50);
  });

  it('notices a missing print', () => {
    expect(hasGap([print(4), print(3), print(2)])).toBe(false);
    expect(hasGap([print(5), print(3), print(2)])).toBe(true);
    expect(hasGap([])).toBe(false);
  });
});
