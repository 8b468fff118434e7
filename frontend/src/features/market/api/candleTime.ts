/** When a candle began, in words: the reader's clock, but days are the exchange's, which are UTC's. */

const DAY_S = 86_400;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const utcDay = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' });
const shortUtcDay = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** Start in seconds since 1970 UTC; in full. */
export function candleTime(startS: number, spanS: number): string {
  const at = new Date(startS * 1_000);
  if (spanS >= DAY_S) return utcDay.format(at);
  return `${day.format(at)} ${(spanS < 60 ? clockWithSeconds : clock).format(at)}`;
}

/** As short as an axis wants it. */
export function axisTime(startS: number, spanS: number, isNewDay: boolean): string {
  const at = new Date(startS * 1_000);
  if (spanS >= DAY_S) return shortUtcDay.format(at);
  return isNewDay ? day.format(at) : (spanS < 60 ? clockWithSeconds : clock).format(at);
}
