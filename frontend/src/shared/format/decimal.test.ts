/** Decimals keep every digit that the exchange gave them. */
import { describe, expect, it } from 'vitest';
import { addDecimals, compareDecimals, decimalText, multiplyDecimal, parseDecimal, priceText, ratioOf, readDecimal } from './decimal';

describe('decimal', () => {
  it('reads what the exchange sends, as text and as number', () => {
    expect(parseDecimal('189.3')).toBe(1893000n);
    expect(parseDecimal(189.37)).toBe(1893700n);
    expect(parseDecimal('-0.0001')).toBe(-1n);
    expect(parseDecimal('+7.')).toBe(70000n);
  });

  it('refuses what is no decimal or finer than 1/10000', () => {
    for (const text of ['', '.', '1e9', 'NaN', '0x10', '1,000', '1.00001', '--1', '1'.repeat(21)]) {
      expect(readDecimal(text), text).toBeUndefined();
    }
    expect(() => parseDecimal('ten')).toThrow(RangeError);
  });

  it('takes zeros beyond the fourth decimal for nothing', () => {
    expect(readDecimal('1.250000')).toBe(12500n);
  });

  it('spells a price in one way', () => {
    expect(priceText(189.3)).toBe('189.30');
    expect(priceText('189.300')).toBe('189.30');
    expect(priceText('0.0125')).toBe('0.0125');
    expect(decimalText(50000n, 0)).toBe('5');
    expect(decimalText(-1n)).toBe('-0.0001');
  });

  it('adds and multiplies without rounding, where floats would round', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.30');
    expect(addDecimals('90071992547409.93', '0.0001')).toBe('90071992547409.9301');
    expect(multiplyDecimal('1234.5678', 1_000_000_000)).toBe('1234567800000.00');
  });

  it('compares by value, not by text', () => {
    expect(compareDecimals('9.5', '10')).toBe(-1);
    expect(compareDecimals('10.0', '10')).toBe(0);
    expect(compareDecimals('0', '-1')).toBe(1);
  });

  it('knows no ratio to nothing', () => {
    expect(ratioOf(-50n, 200n)).toBe(-0.25);
    expect(ratioOf(1n, 0n)).toBeUndefined();
  });
});
