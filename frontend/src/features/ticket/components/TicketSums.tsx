/** What the order would cost or bring, beside what the account has for it. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatMoney, formatPercent, formatPrice, formatQuantity, NOTHING, ratioOf } from '@/shared/format';
import { useMarket } from '@/shared/live';
import { readPrice } from '@/shared/ticket/amounts';
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
        {sum && noteOf(sum, draft, funds, lastPrice)}
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

function noteOf(sum: Estimate, draft: Draft, funds: Funds | undefined, lastPrice: bigint): string {
  const { amount, held, fills, price, rest } = sum;
  const most = amount > held ? amount : held;
  if (draft.side === 'buy' && funds && most > funds.buyingPower) return 'This is more than your buying power.';
  if (draft.type === 'limit') return fills === 0 ? '' : `${fillsWords(sum, lastPrice)}${restWords(rest, draft)}.`;
  const each = `About ${formatPrice(price)} a share.`;
  return rest === 0 ? each : `${each} Nobody stands ready for ${formatQuantity(rest)} of them.`;
}

/** "Fills 57 now at about 494.99 (−0.70%)". */
function fillsWords({ fills, price }: Estimate, lastPrice: bigint): string {
  const change = formatPercent(ratioOf(price - lastPrice, lastPrice));
  return `Fills ${formatQuantity(fills)} now at about ${formatPrice(price)} (${change})`;
}

function restWords(rest: number, { timeInForce, price }: Draft): string {
  if (rest === 0) return '';
  const what = timeInForce === 'ioc' || timeInForce === 'fok' ? 'cannot trade now' : `wait at ${formatPrice(readPrice(price))}`;
  return `; ${formatQuantity(rest)} ${what}`;
}
