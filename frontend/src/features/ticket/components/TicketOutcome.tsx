/** What became of the order that was sent, read out as soon as it is known. */
import { Button, Group } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { outcomeOf, type Outcome } from '../api/outcome';
import classes from './Ticket.module.css';
import type { Ticket } from './useTicket';

export function TicketOutcome({ ticket }: { ticket: Ticket }) {
  const { placing, refusal } = ticket;
  const place = useRef<HTMLDivElement>(null);
  const isTold = placing.isUnknown || refusal !== undefined || placing.order !== undefined;
  useEffect(() => {
    if (isTold) place.current?.scrollIntoView({ block: 'nearest' });
  }, [isTold]);
  return (
    <div ref={place} role="status" aria-label="Outcome" className={classes.outcome}>
      {placing.isUnknown && <Unknown ticket={ticket} />}
      {refusal && <Told tone="bad" title="Not accepted" text={refusal} />}
      {placing.order && <Told {...outcomeOf(placing.order)} />}
    </div>
  );
}

function Told({ tone, title, text, children }: Outcome & { children?: ReactNode }) {
  return (
    <div className={classes.told} data-tone={tone}>
      <strong>{title}</strong>
      {text}
      {children}
    </div>
  );
}

function Unknown({ ticket }: { ticket: Ticket }) {
  const text = 'Nobody knows yet whether the exchange took the order. Asking again is safe: it is never placed twice.';
  return (
    <Told tone="doubtful" title="No answer yet" text={text}>
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" onClick={ticket.placing.sendAgain}>
          Ask again
        </Button>
        <Button size="compact-sm" variant="default" onClick={ticket.setAside}>
          Set aside
        </Button>
      </Group>
    </Told>
  );
}
