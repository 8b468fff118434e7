/** Quantities and prices as people type them, and their steps on lots and ticks. */
import { describe, expect, it } from 'vitest';
import { priceFieldText, priceProblem, quantityProblem, readPrice, readQuantity, stepPrice, stepQuantity } from './amounts';

const RULES = { symbol: 'AAPL', tick: 1n, lot: 1 };

describe('a quantity', () => {
  it.each([
    ['10', 10],
    ['1,200', 1200],
    [' 7 ', 7],
  ])('reads %j as %i', (text, quantity) => expect(readQuantity(text)).toBe(quantity));

  it.each(['', '0', '-5', '1.5', '1.000', '1,2', '1e3', 'ten', '99999999999'])('does not take %j', (text) => {
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

  it.each(['', '0', '-1', '1.23456', '450,50', 'abc', '1e5'])('does not take %j', (text) => {
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

describe('in another language', () => {
  it('a decimal comma is one', () => {
    expect(readPrice('450,50', 'de-DE')).toBe(4_505_000n);
    expect(priceProblem('450,50', RULES, 'de-DE')).toBeUndefined();
  });

  it('a text with two meanings is asked about, and both answers are understood', () => {
    expect(readPrice('1.250', 'de-DE')).toBeUndefined();
    expect(priceProblem('1.250', RULES, 'de-DE')).toBe('Is 1.250 meant as 1250 or as 1.25? Write it like that.');
    expect([readPrice('1250', 'de-DE'), readPrice('1.25', 'de-DE')]).toEqual([12_500_000n, 12_500n]);
  });

  it('a part of a share is nobody\'s meaning', () => {
    expect(readQuantity('1.200', 'de-DE')).toBe(1200);
    expect(readQuantity('1,200', 'de-DE')).toBe(1200);
    expect(quantityProblem('1.000', RULES, 'buy', 'de-DE')).toBe('Is 1.000 meant as 1000 or as 1? Write it like that.');
  });

  it.each(['de-DE', 'fr-FR', 'es-ES', 'en-IN', 'ar-EG', 'de-CH'])('what the page writes into a field is read back in %s', (locale) => {
    for (const units of [1_893_750n, 12_500_000n, 12_345n, 12_340n, 12_300n, 999_999_990_000n]) {
      expect(readPrice(priceFieldText(units), locale)).toBe(units);
    }
  });
});
