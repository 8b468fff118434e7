/** Says how fresh what the page shows is. */
import { Tooltip } from '@mantine/core';
import { useLive, type Health, type LiveState } from '@/shared/live';
import classes from './ConnectionBadge.module.css';

type Shown = LiveState | 'unreachable';

const WORDS: Record<Shown, string> = {
  connecting: 'Connecting',
  live: 'Live',
  delayed: 'Delayed',
  offline: 'Polling',
  unreachable: 'Offline',
};

const SENTENCES: Record<Shown, string> = {
  connecting: 'Connecting to the exchange.',
  live: 'Prices, orders and your portfolio change as they happen.',
  delayed: 'The exchange has not been heard for a moment: what you see may be old.',
  offline: 'There is no live connection: the page asks the exchange every five seconds.',
  unreachable: 'The exchange does not answer: what you see is old. The page keeps trying.',
};

const SHOW_AGE_MS = 3_000;
const UNREACHABLE_MS = 12_000;

export function ConnectionBadge() {
  const health = useLive();
  const shown = shownOf(health);
  return (
    <Tooltip label={SENTENCES[shown]} multiline maw={260} events={{ hover: true, focus: true, touch: true }}>
      <div className={classes.badge} data-state={health.state} role="status" tabIndex={0}>
        <span className={classes.dot} aria-hidden="true" />
        {WORDS[shown]}
        <span aria-hidden="true">{ageText(health)}</span>
      </div>
    </Tooltip>
  );
}

function shownOf({ state, ageMs }: Health): Shown {
  return state === 'offline' && (ageMs === undefined || ageMs >= UNREACHABLE_MS) ? 'unreachable' : state;
}

function ageText({ state, ageMs }: Health): string {
  if (state === 'connecting' || ageMs === undefined || ageMs < SHOW_AGE_MS) return '';
  const seconds = ageMs / 1_000;
  return seconds < 120 ? ` · ${seconds} s` : ` · ${Math.floor(seconds / 60)} min`;
}
