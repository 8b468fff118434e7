/** The way from a holding to the page where it is traded, with the ticket made out for selling it. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { fillTicket } from '@/shared/ticket';

export function TradeLink({ symbol }: { symbol: string }) {
  return (
    <Button
      component={Link}
      to={`/trade/${encodeURIComponent(symbol)}`}
      variant="default"
      size="compact-xs"
      fw={500}
      aria-label={`Trade ${symbol}`}
      onClick={() => fillTicket({ symbol, side: 'sell' })}
    >
      Trade
    </Button>
  );
}
