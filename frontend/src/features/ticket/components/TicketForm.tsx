/** Writing an order: side, type, quantity, price, time in force; Enter sends it, Escape clears it. */
import { Button, SegmentedControl, Stack, Switch } from '@mantine/core';
import { useEffect, useRef, type FormEvent, type KeyboardEvent } from 'react';
import type { Rules } from '@/shared/ticket/amounts';
import type { OrderType } from '../api/draft';
import type { Funds } from '../api/funds';
import { orderWords } from '../api/words';
import { PriceField } from './PriceField';
import { QuantityField } from './QuantityField';
import { SideSwitch } from './SideSwitch';
import classes from './Ticket.module.css';
import { TicketSums } from './TicketSums';
import { TimeField } from './TimeField';
import type { Ticket } from './useTicket';

export interface TicketParts {
  ticket: Ticket;
  rules: Rules;
  funds: Funds | undefined;
  /** In 1/10000 dollar. */
  lastPrice: bigint;
}

const TYPES = [
  { value: 'limit', label: 'Limit' },
  { value: 'market', label: 'Market' },
];

export function TicketForm({ isHalted, ...parts }: TicketParts & { isHalted: boolean }) {
  const { ticket, rules } = parts;
  const { draft, placing } = ticket;
  const form = useFocusOnProblems(ticket);
  return (
    <form
      ref={form}
      aria-label="Order ticket"
      noValidate
      onSubmit={(event) => submit(event, ticket)}
      onKeyDown={(event) => clear(event, ticket)}
    >
      <Stack gap="xs">
        <SideSwitch side={draft.side} onChange={(side) => ticket.edit({ side })} />
        <SegmentedControl
          aria-label="Order type"
          size="xs"
          data={TYPES}
          value={draft.type}
          onChange={(type) => ticket.edit({ type: type as OrderType })}
        />
        <QuantityField {...parts} />
        <PriceField {...parts} />
        <TimeField ticket={ticket} />
        <TicketSums {...parts} />
        {isHalted && <Halted symbol={rules.symbol} />}
        <Button
          type="submit"
          color={draft.side === 'buy' ? 'var(--up-fill)' : 'var(--down-fill)'}
          loading={placing.isSending}
          disabled={isHalted || placing.isUnknown}
        >
          {orderWords(rules.symbol, draft)}
        </Button>
        <Switch
          size="xs"
          label="Review before sending"
          checked={ticket.confirming}
          onChange={(event) => ticket.setConfirming(event.currentTarget.checked)}
        />
      </Stack>
    </form>
  );
}

function Halted({ symbol }: { symbol: string }) {
  return (
    <div className={classes.told} data-tone="doubtful">
      <strong>Trading in {symbol} is halted</strong>
      New orders are taken when it resumes. You can cancel open ones.
    </div>
  );
}

function submit(event: FormEvent, ticket: Ticket): void {
  event.preventDefault();
  ticket.submit();
}

function clear(event: KeyboardEvent, ticket: Ticket): void {
  const { quantity, price } = ticket.draft;
  if (event.key !== 'Escape' || (quantity === '' && price === '')) return;
  event.stopPropagation(); // only an empty ticket lets Escape close the sheet it is in
  ticket.clear();
}

function useFocusOnProblems({ problems }: Ticket) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [problems]);
  return form;
}
