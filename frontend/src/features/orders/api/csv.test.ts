/** Orders as CSV: what an account wrote itself must not run in a spreadsheet. */
import { expect, it } from 'vitest';
import { toCsv } from '@/shared/format';
import { orderRows } from './csv';
import { anOrder } from './samples';

it('an order named like a formula stays text', () => {
  const csv = toCsv(orderRows([anOrder({ client_order_id: '=HYPERLINK("http://evil","x"),1' })]));
  expect(csv).toContain(`"'=HYPERLINK(""http://evil"",""x""),1"`);
});

it('every order is one line of as many cells as the head', () => {
  const [head, ...rows] = orderRows([anOrder(), anOrder({ limit_price: null })]);
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(row).toHaveLength(head!.length);
});
