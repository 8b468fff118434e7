/**
 * Numbers as people type them: by the rules of their own language, and by those in which the page writes its own.
 *
 * A comma that is dropped where it was meant as the decimal sign makes 45,050 of 450,50, and an order of it. So a sign
 * groups digits only where its language would put it, and a text that the two languages read differently has two readings.
 */
import { readDecimal } from './decimal';

/** What a text may mean, in 1/10000; `isWhole` where no decimals were written. */
export interface Reading {
  units: bigint;
  isWhole: boolean;
}

const PAGE_LOCALE = 'en-US';

/** The zeros of the digits people type; the other nine follow each. Arabic, Persian, Devanagari, Bengali, full width. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0xff10];

/** None if it is no number, two if it means one thing in the reader's language and another on the page. */
export function readingsOf(text: string, locale?: string): readonly Reading[] {
  const plain = plainText(text.trim().replace(/^\$/, '').trim());
  const [own, pages] = [readAs(plain, locale), readAs(plain, PAGE_LOCALE)];
  return [own, pages].filter((it, place) => it !== undefined && !(place === 1 && it.units === own?.units)) as Reading[];
}

function readAs(plain: string, locale: string | undefined): Reading | undefined {
  const decimal = decimalSign(locale);
  const [whole = '', part, ...more] = plain.split(decimal);
  const digits = ungrouped(whole, locale);
  if (digits === undefined || more.length > 0 || (digits === '' && !part)) return undefined;
  if (part !== undefined && !/^\d*$/.test(part)) return undefined;
  const units = readDecimal(`${digits || '0'}.${part ?? ''}`);
  return units === undefined ? undefined : { units, isWhole: part === undefined };
}

/** The digits alone; undefined where something else stands, or stands where it groups nothing. */
function ungrouped(whole: string, locale: string | undefined): string | undefined {
  if (/^\d*$/.test(whole)) return whole;
  if (/^\d{1,3}( \d{3})+$/.test(whole)) return whole.replaceAll(' ', '');
  const digits = whole.replaceAll(/[ ,.]/g, '');
  if (!/^\d{1,20}$/.test(digits)) return undefined;
  return plainText(formatOf(locale).format(BigInt(digits))) === whole ? digits : undefined;
}

function decimalSign(locale: string | undefined): string {
  return formatOf(locale).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
}

function formatOf(locale: string | undefined): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { numberingSystem: 'latn', useGrouping: 'always', maximumFractionDigits: 1 });
}

/** Digits 0 to 9, one kind of space for whatever only groups, Arabic signs as their neighbours, no marks of direction. */
function plainText(text: string): string {
  return text
    .replaceAll(/[\u200e\u200f\u061c]/g, '')
    .replaceAll('٫', '.')
    .replaceAll('٬', ',')
    .replaceAll(/[\s'’]/g, ' ')
    .replaceAll(/[^\x20-\x7f]/gu, (sign) => {
      const code = sign.codePointAt(0) ?? 0;
      const zero = ZEROS.find((each) => code >= each && code < each + 10);
      return zero === undefined ? sign : String(code - zero);
    });
}
