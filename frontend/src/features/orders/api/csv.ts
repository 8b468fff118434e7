/** Orders as the rows of a CSV file. */
import type { Order } from './types';

const COLUMNS = [
  'created_at',
  'symbol',
  'side',
  'type',
  'time_in_force',
  'qty',
  'filled_qty',
  'limit_price',
  'filled_avg_price',
  'status',
  'reason',
  'updated_at',
  'id',
  'client_order_id',
  'replaces',
  'replaced_by',
] as const satisfies readonly (keyof Order)[];

/** The head, then one row per order; fields are named and spelled as in the API. */
export function orderRows(orders: readonly Order[]): (string | null)[][] {
  return [[...COLUMNS], ...orders.map((order) => COLUMNS.map((column) => order[column]))];
}
