/** The ticket's state: what is written, what is wrong with it, and how far it has come. */
import { useEffect, useEffectEvent, useState } from 'react';
import { priceFieldText, type Rules } from '@/shared/ticket/amounts';
import { useTicketDraft, type TicketDraft } from '@/shared/ticket/draft';
import { complaintsOf, fieldOfReason, type Complaint } from '@/shared/ticket/refusals';
import { useConfirming } from '../api/confirming';
import { isFar } from '../api/estimate';
import { EMPTY, problemsOf, withType, type Draft, type Problems } from '../api/draft';
import type { Order } from '@/shared/ticket/order';
import { usePlacing } from '../api/placing';

export type Ticket = ReturnType<typeof useTicket>;

/** A ticket for one symbol; it starts empty. `lastPrice` in 1/10000 dollar. */
export function useTicket(rules: Rules, lastPrice: bigint) {
  const [draft, setDraft] = useState(EMPTY);
  const [problems, setProblems] = useState<Problems>({});
  const [refusal, setRefusal] = useState<string>();
  const [isReviewing, setReviewing] = useState(false);
  const [confirming, setConfirming] = useConfirming();
  const placing = usePlacing(taken, refused);

  /** What is on its way, or may have arrived, is not written over. */
  function edit(change: Partial<Draft>): void {
    if (placing.isSending || placing.isUnknown) return;
    setDraft((written) => ({ ...withType(written, change.type ?? written.type), ...change }));
    setProblems({});
    setRefusal(undefined);
    setReviewing(false);
    placing.reset();
  }

  function taken(order: Order): void {
    setReviewing(false);
    if (order.status !== 'rejected') setDraft((written) => ({ ...written, quantity: '' }));
    const field = fieldOfReason(order.reason);
    if (order.status === 'rejected' && field) setProblems({ [field]: order.reason_message ?? 'Rejected.' });
  }

  function refused(error: unknown): void {
    setReviewing(false);
    const complaints = complaintsOf(error);
    setProblems(Object.fromEntries(complaints.flatMap(({ field, text }) => (field ? [[field, text]] : []))));
    setRefusal(topOf(complaints));
  }

  /** Send the draft, or show first what is wrong with it or, if wished or far off, what it says. True if something has to be put right. */
  function submit(): boolean {
    if (placing.isSending || placing.isUnknown) return false;
    const found = problemsOf(draft, rules);
    setProblems(found);
    if (Object.keys(found).length > 0) return true;
    if ((confirming || isFar(draft, lastPrice)) && !isReviewing) setReviewing(true);
    else placing.send(rules.symbol, draft);
    return false;
  }

  useFilling(rules.symbol, edit);
  return {
    draft,
    problems,
    refusal,
    isReviewing,
    confirming,
    setConfirming,
    placing,
    edit,
    submit,
    backToWriting: () => setReviewing(false),
    setAside: () => {
      setReviewing(false);
      placing.reset();
    },
    clear: () => edit({ ...EMPTY, side: draft.side }),
  };
}

function topOf(complaints: readonly Complaint[]): string | undefined {
  return complaints.find(({ field }) => field === undefined)?.text;
}

/** Fillings that a ticket has taken in: one that comes up later does not start with an old price. */
let takenTimes = 0;

/** Take in what a click on the depth or on a position asks for. */
function useFilling(symbol: string, edit: (change: Partial<Draft>) => void): void {
  const filling = useTicketDraft();
  const take = useEffectEvent(({ side, price, quantity, filledTimes }: TicketDraft) => {
    if (filledTimes <= takenTimes) return;
    takenTimes = filledTimes;
    edit({
      ...(side && { side }),
      ...(price !== undefined && { type: 'limit', price: priceFieldText(price) }),
      ...(quantity !== undefined && { quantity: String(quantity) }),
    });
  });
  useEffect(() => {
    if (filling?.symbol === symbol) take(filling);
  }, [filling, symbol]);
}
