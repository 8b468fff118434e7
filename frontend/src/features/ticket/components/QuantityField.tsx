/** How many shares, stepped by lots, with the most the account can trade a click away. */
import { Button } from '@mantine/core';
import { formatQuantity } from '@/shared/format';
import { stepQuantity } from '@/shared/ticket/amounts';
import { StepField } from '@/shared/ui/StepField';
import { largestQuantity } from '../api/estimate';
import type { TicketParts } from './TicketForm';

export function QuantityField({ ticket, rules, funds, lastPrice }: TicketParts) {
  const { draft, problems, edit } = ticket;
  const most = funds && largestQuantity(draft, rules, lastPrice, funds);
  return (
    <StepField
      label="Quantity"
      inputMode="numeric"
      placeholder="Shares"
      value={draft.quantity}
      problem={problems.quantity}
      hint={hintOf(rules, funds)}
      onChange={(quantity) => edit({ quantity })}
      onStep={(steps) => edit({ quantity: stepQuantity(draft.quantity, steps, rules.lot) })}
      aside={
        <Button variant="subtle" size="compact-xs" me={-8} disabled={!most} onClick={() => edit({ quantity: String(most) })}>
          Max{most === undefined ? '' : ` ${formatQuantity(most)}`}
        </Button>
      }
    />
  );
}

function hintOf({ symbol, lot }: TicketParts['rules'], funds: TicketParts['funds']): string {
  const owned = funds && `You own ${formatQuantity(funds.owned)} ${symbol}`;
  return [owned, lot > 1 && `lots of ${formatQuantity(lot)}`].filter(Boolean).join(' · ');
}
