/** Quantities and prices as people type them, and their steps on lots and ticks. */
import { describe, expect, it } from 'vitest';
import { readPrice, readQuantity, stepPrice, stepQuantity } from './amounts';

describe('a quantity', () => {
  it.each([
    ['10', 10],
    ['1,200', 1200],
    [' 7 ', 7],
  ])('reads %j as %i', (text, quantity) => expect(readQuantity(text)).toBe(quantity));

  it.each(['', '0', '-5', '1.5', '1e3', 'ten', '99999999999'])('does not take %j', (text) => {
    expect(readQuantity(text)).toBeUndefined();
  });

  it('steps by lots and lands on one', () => {
    expect(stepQuantity('10', 1, 10)).toBe('20');
    expect(stepQuantity('14', 1, 10)).toBe('20');
    expect(stepQuantity('14', -1, 10)).toBe('10');
    expect(stepQuantity('', 1, 10)).toBe('10');
    expect(stepQuantity('10', -1, 10)).toBe('10');
    expect(stepQuantity('99999999', 10, 10)).toBe('100000000');
  });
});

describe('a price', () => {
  it.each([
    ['189.35', 1_893_500n],
    ['$1,250', 12_500_000n],
    ['.5', 5_000n],
  ])('reads %j exactly', (text, units) => expect(readPrice(text)).toBe(units));

  it.each(['', '0', '-1', '1.23456', 'abc', '1e5'])('does not take %j', (text) => {
    expect(readPrice(text)).toBeUndefined();
  });

  it('steps by ticks and lands on one', () => {
    expect(stepPrice('189.35', 1, 500n, undefined)).toBe('189.40');
    expect(stepPrice('189.37', 1, 500n, undefined)).toBe('189.40');
    expect(stepPrice('189.37', -1, 500n, undefined)).toBe('189.35');
    expect(stepPrice('189.35', -10, 500n, undefined)).toBe('188.85');
    expect(stepPrice('0.05', -1, 500n, undefined)).toBe('0.05');
  });

  it('starts at the market when nothing is written yet', () => {
    expect(stepPrice('', 1, 500n, 1_893_500n)).toBe('189.35');
    expect(stepPrice('', 1, 500n, undefined)).toBe('');
  });
});
