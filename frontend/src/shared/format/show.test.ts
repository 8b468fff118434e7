/** What people read is grouped, signed and never longer than it must be. */
import { describe, expect, it } from 'vitest';
import { formatChange, formatGain, formatMoney, formatPercent, formatPrice, formatQuantity, NOTHING } from './show';

describe('show', () => {
  it('shows prices with all decimals they have and at least two', () => {
    expect(formatPrice('1189.3')).toBe('1,189.30');
    expect(formatPrice(0.0125)).toBe('0.0125');
    expect(formatPrice(1893700n)).toBe('189.37');
    expect(formatPrice(null)).toBe(NOTHING);
  });

  it('shows money in cents, rounded half up, the minus before the currency', () => {
    expect(formatMoney('100000')).toBe('$100,000.00');
    expect(formatMoney('-3.005')).toBe('−$3.01');
    expect(formatMoney(0n)).toBe('$0.00');
  });

  it('gives changes their sign, and zero none', () => {
    expect(formatChange('1.2')).toBe('+1.20');
    expect(formatChange('-0.05')).toBe('−0.05');
    expect(formatChange('0')).toBe('0.00');
    expect(formatGain('12')).toBe('+$12.00');
    expect(formatGain('-12')).toBe('−$12.00');
  });

  it('shows a ratio as a percentage, and never a signed zero', () => {
    expect(formatPercent(0.0123)).toBe('+1.23%');
    expect(formatPercent(-0.5)).toBe('−50.00%');
    expect(formatPercent(-0.000001)).toBe('0.00%');
    expect(formatPercent(undefined)).toBe(NOTHING);
    expect(formatPercent(0.25, false)).toBe('25.00%');
  });

  it('groups the digits of quantities', () => {
    expect(formatQuantity('1200')).toBe('1,200');
    expect(formatQuantity(-5)).toBe('−5');
  });
});
