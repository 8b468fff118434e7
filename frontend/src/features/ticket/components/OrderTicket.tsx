/** The order ticket of one symbol: written, perhaps reviewed, sent, and told at once what became of it. */
import { Anchor, Skeleton, Stack } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { Link } from 'react-router';
import { useAsset, type Asset } from '@/shared/api/assets';
import { useSession } from '@/shared/api';
import { parseDecimal } from '@/shared/format';
import { usePrice } from '@/shared/live';
import type { Rules } from '@/shared/ticket/amounts';
import { EmptyState } from '@/shared/ui';
import { useFunds } from '../api/funds';
import { TicketForm } from './TicketForm';
import { TicketOutcome } from './TicketOutcome';
import { TicketReview } from './TicketReview';
import { useSideKeys } from './useSideKeys';
import { useTicket } from './useTicket';

/** Prices move many times a second; a form that is being written in should not. */
const PRICE_PAUSE_MS = 500;

export function OrderTicket({ symbol }: { symbol: string }) {
  const asset = useAsset(symbol);
  const { status } = useSession();
  if (status === 'anonymous') return <LogInFirst />;
  if (!asset) return <Skeleton height={420} m="sm" role="status" aria-label="The ticket is loading" />;
  return <TicketOf key={symbol} asset={asset} />;
}

function TicketOf({ asset }: { asset: Asset }) {
  const rules = useRules(asset);
  const funds = useFunds(asset.symbol);
  const price = usePrice(asset.symbol, PRICE_PAUSE_MS)?.price ?? asset.reference_price;
  const shared = useMemo(() => ({ rules, funds, lastPrice: parseDecimal(price) }), [rules, funds, price]);
  const ticket = useTicket(rules, shared.lastPrice);
  const place = useRef<HTMLDivElement>(null);
  useSideKeys(place, (side) => ticket.edit({ side }));
  return (
    <Stack ref={place} gap="xs">
      {ticket.isReviewing ? <TicketReview ticket={ticket} {...shared} /> : <TicketForm ticket={ticket} {...shared} isHalted={asset.halted} />}
      <TicketOutcome ticket={ticket} />
    </Stack>
  );
}

function LogInFirst() {
  return (
    <EmptyState title="Log in to trade">
      <Anchor component={Link} to="/login">
        Log in
      </Anchor>{' '}
      or{' '}
      <Anchor component={Link} to="/signup">
        open an account
      </Anchor>
      ; it comes with cash and shares.
    </EmptyState>
  );
}

function useRules({ symbol, price_increment, lot_size }: Asset): Rules {
  return useMemo(
    () => ({ symbol, tick: parseDecimal(price_increment), lot: Number(lot_size) }),
    [symbol, price_increment, lot_size],
  );
}
