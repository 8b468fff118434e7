/** How the list of orders is walked page by page, newest first. */
import type { Order } from './types';

/** Of the filter, what the API judges; days are local ones as "2026-11-23", both included. */
export interface Filter {
  symbol?: string;
  side?: Order['side'];
  from?: string;
  to?: string;
}

/**
 * The `until` of the page after one that ends with this moment. `until` is exclusive and two orders may have been
 * born in the same microsecond, so pages overlap by one microsecond and `withoutRepeats` drops what comes twice.
 */
export function untilAfter(createdAt: string): string {
  const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(createdAt) ?? [];
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6)) + 1;
  if (micros < 1_000_000) return `${seconds}.${String(micros).padStart(6, '0')}Z`;
  return new Date(Date.parse(`${seconds}Z`) + 1_000).toISOString();
}

/** Each order once, where it came first. */
export function withoutRepeats(orders: readonly Order[]): Order[] {
  return [...new Map(orders.map((order) => [order.id, order])).values()];
}

/** The moments between which the filter's days lie; both are exclusive, as the API wants them. */
export function span({ from, to }: Filter): { after?: string; until?: string } {
  return {
    ...(from && { after: new Date(startOfDay(from).getTime() - 1).toISOString() }),
    ...(to && { until: new Date(startOfDay(to).setHours(24)).toISOString() }),
  };
}

/** "2026-11-23" as that day's first moment here. */
function startOfDay(day: string): Date {
  return new Date(`${day}T00:00:00`);
}
