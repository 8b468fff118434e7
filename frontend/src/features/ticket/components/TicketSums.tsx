/** What the order would cost or bring, beside what the account has for it. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatMoney, formatPrice, formatQuantity, NOTHING } from '@/shared/format';
import { useMarket } from '@/shared/live';
import type { Draft } from '../api/draft';
import { estimate, type Estimate } from '../api/estimate';
import type { Funds } from '../api/funds';
import classes from './Ticket.module.css';
import type { TicketParts } from './TicketForm';

export function TicketSums({ ticket, rules, funds, lastPrice }: TicketParts) {
  const { draft } = ticket;
  const { book } = useMarket(rules.symbol);
  const sum = estimate(draft, { asks: book?.asks ?? [], bids: book?.bids ?? [], lastPrice });
  const isBuy = draft.side === 'buy';
  return (
    <div>
      <dl className={classes.sums}>
        <Sum name={isBuy ? 'Estimated cost' : 'Estimated proceeds'}>{sum ? formatMoney(sum.amount) : NOTHING}</Sum>
        {isBuy ? (
          <Sum name="Buying power">{formatMoney(funds?.buyingPower)}</Sum>
        ) : (
          <Sum name="Free to sell">
            {funds ? `${formatQuantity(funds.available)} of ${formatQuantity(funds.owned)}` : NOTHING}
          </Sum>
        )}
      </dl>
      <Text size="xs" c="dimmed" className={classes.note ?? ''}>
        {sum && noteOf(sum, draft, funds)}
      </Text>
    </div>
  );
}

function Sum({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function noteOf({ amount, price, missing }: Estimate, { side, type }: Draft, funds: Funds | undefined): string {
  if (side === 'buy' && funds && amount > funds.buyingPower) return 'This is more than your buying power.';
  if (type === 'limit') return '';
  const each = `About ${formatPrice(price)} a share.`;
  return missing === 0 ? each : `${each} Nobody stands ready for ${formatQuantity(missing)} of them.`;
}
