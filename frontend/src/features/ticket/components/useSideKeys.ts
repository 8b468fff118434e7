/** B and S choose the side wherever the focus is, unless somebody is typing. */
import { useEffect, useEffectEvent, type RefObject } from 'react';
import type { Side } from '../api/draft';

const SIDE_OF_KEY: Record<string, Side> = { b: 'buy', s: 'sell' };

export function useSideKeys(place: RefObject<HTMLElement | null>, choose: (side: Side) => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const side = SIDE_OF_KEY[event.key.toLowerCase()];
    if (!side || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target, place.current)) return;
    event.preventDefault();
    choose(side);
    place.current?.querySelector<HTMLInputElement>('input[inputmode="numeric"]')?.focus();
  });
  useEffect(() => {
    const heard = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', heard);
    return () => window.removeEventListener('keydown', heard);
  }, []);
}

/** In a field that takes letters, or in a dialog that is not the ticket's own. */
function isElsewhere(target: EventTarget | null, place: HTMLElement | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('input:not([type="radio"], [type="checkbox"]), textarea, select') || target.isContentEditable)
    return true;
  const dialog = target.closest('[role="dialog"]');
  return dialog !== null && !dialog.contains(place);
}
