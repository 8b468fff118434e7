/** The limit, stepped by ticks, with the best bid and ask a click away; a market order has none. */
import { Button, Group, Text } from '@mantine/core';
import { memo } from 'react';
import { decimalText, formatPrice } from '@/shared/format';
import { useMarket } from '@/shared/live';
import { priceFieldText, stepPrice } from '@/shared/ticket/amounts';
import { StepField } from '@/shared/ui/StepField';
import classes from './Ticket.module.css';
import type { TicketParts } from './TicketForm';

export function PriceField({ ticket, rules, lastPrice }: TicketParts) {
  const { draft, problems, edit } = ticket;
  if (draft.type === 'market') return <AtMarket side={draft.side} />;
  return (
    <StepField
      label="Limit price"
      inputMode="decimal"
      placeholder={formatPrice(lastPrice)}
      value={draft.price}
      problem={problems.price}
      hint={`In steps of ${decimalText(rules.tick)}`}
      onChange={(price) => edit({ price })}
      onStep={(steps) => edit({ price: stepPrice(draft.price, steps, rules.tick, lastPrice) })}
      aside={<BestPrices symbol={rules.symbol} onPick={(price) => edit({ price: priceFieldText(price) })} />}
    />
  );
}

function BestPrices({ symbol, onPick }: { symbol: string; onPick: (price: string) => void }) {
  const { book } = useMarket(symbol);
  return (
    <Group gap={2} wrap="nowrap" me={-8}>
      <BestPrice name="Bid" price={book?.bids[0]?.price} onPick={onPick} />
      <BestPrice name="Ask" price={book?.asks[0]?.price} onPick={onPick} />
    </Group>
  );
}

interface BestPriceProps {
  name: string;
  price: string | undefined;
  onPick: (price: string) => void;
}

const BestPrice = memo(function BestPrice({ name, price, onPick }: BestPriceProps) {
  if (price === undefined) return null;
  return (
    <Button variant="subtle" size="compact-xs" className={classes.figures ?? ''} onClick={() => onPick(price)}>
      {name} {formatPrice(price)}
    </Button>
  );
});

function AtMarket({ side }: { side: 'buy' | 'sell' }) {
  return (
    <div className={classes.atMarket}>
      <Text size="sm" fw={500}>
        At the market
      </Text>
      <Text size="xs" c="dimmed">
        {side === 'buy' ? 'Buys' : 'Sells'} at once at the best prices in the book, within the exchange&apos;s limit
        around the last price. What cannot trade is canceled.
      </Text>
    </div>
  );
}
