/** What people in several languages type is read as they mean it, or not at all. */
import { describe, expect, it } from 'vitest';
import { readingsOf } from './typed';

const read = (text: string, locale: string) => readingsOf(text, locale).map(({ units }) => Number(units) / 10_000);

const MEANT: Record<string, [text: string, value: number][]> = {
  'en-US': [['450.50', 450.5], ['1,250', 1250], ['$1,250.75', 1250.75], ['.5', 0.5], ['12,345,678.9', 12345678.9], ['1 200', 1200]],
  'en-IN': [['450.50', 450.5], ['1,00,000', 100000], ['1,00,000.25', 100000.25], ['100,000', 100000]],
  'de-DE': [['450,50', 450.5], ['1.250,50', 1250.5], ['12.345.678', 12345678], ['189.35', 189.35], [',5', 0.5], ['1,250.75', 1250.75]],
  'fr-FR': [['450,50', 450.5], ['1 250,50', 1250.5], ['1\u202f250', 1250], ['1\u00a0250,5', 1250.5], ['189.35', 189.35]],
  'es-ES': [['450,50', 450.5], ['12.345,6', 12345.6]],
  'de-CH': [['450.50', 450.5], ['1’250.50', 1250.5], ["1'250", 1250]],
  'ar-EG': [['٤٥٠٫٥٠', 450.5], ['١٬٢٥٠٫٥', 1250.5], ['450.50', 450.5], ['\u200f١٢', 12]],
  'fa-IR': [['۴۵۰٫۵', 450.5]],
  'hi-IN': [['१,००,०००.५', 100000.5]],
};

describe.each(Object.keys(MEANT))('in %s', (locale) => {
  it.each(MEANT[locale] ?? [])('%j is %f', (text, value) => expect(read(text, locale)).toEqual([value]));
});

describe('a text', () => {
  it.each([
    ['1.250', 'de-DE', [1250, 1.25]],
    ['1,250', 'de-DE', [1.25, 1250]],
    ['1,250', 'fr-FR', [1.25, 1250]],
    ['1.250', 'es-ES', [1250, 1.25]],
  ])('%j in %s may mean two things', (text, locale, values) => expect(read(text, locale)).toEqual(values));

  it.each(['450,50', '4,5', '1,25', '1,2345', '45,05,0', '1.2.3', '1,250,50', '4 50', '', '.', ',', '1e5', '-5', '+5', '0x10', '1.23456', '٤،٥', '1$'])(
    '%j is no number in en-US',
    (text) => expect(read(text, 'en-US')).toEqual([]),
  );

  it.each(['1,2,3', '1.25.0', 'zehn', '1.250.50', '1,5,'])('%j is no number in de-DE', (text) => {
    expect(read(text, 'de-DE')).toEqual([]);
  });
});
