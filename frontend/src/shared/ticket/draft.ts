/** What the order ticket is to be filled with: written by the depth and by positions, read by the ticket. */
import { useSyncExternalStore } from 'react';

export interface TicketDraft {
  symbol: string;
  side?: 'buy' | 'sell';
  /** A decimal string; filling it in makes the order a limit order. */
  price?: string;
  quantity?: number;
  /** Another number with each filling, so that the same price clicked twice fills the ticket twice. */
  filledTimes: number;
}

let draft: TicketDraft | undefined;
const listeners = new Set<() => void>();

/** Fill the ticket; on phones this also brings it up. */
export function fillTicket(filling: Omit<TicketDraft, 'filledTimes'>): void {
  draft = { ...filling, filledTimes: (draft?.filledTimes ?? 0) + 1 };
  for (const listener of listeners) listener();
}

/** The newest filling; undefined before the first. */
export function useTicketDraft(): TicketDraft | undefined {
  return useSyncExternalStore(subscribe, () => draft);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
