/** What stands at the axes of the equity chart: the reader's own clock, and dollars no finer than they need to be. */
import { formatMoney, formatQuantity } from '@/shared/format';

const MINUTE_S = 60;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** A mark of the time axis, in seconds since 1970; none at the line's end, which is now and no full minute. */
export function timeMark(atS: number, isDayMark: boolean): string {
  if (atS % MINUTE_S !== 0) return '';
  return (isDayMark ? day : clock).format(new Date(atS * 1_000));
}

/** The marks of the money axis; cents only where the marks are less than a dollar apart. */
export function moneyMarks(dollars: readonly number[]): string[] {
  const areClose = dollars.some((amount) => Math.abs(amount - Math.round(amount)) > 0.004);
  return dollars.map((amount) => (areClose ? formatMoney(amount) : `$${formatQuantity(Math.round(amount))}`));
}
