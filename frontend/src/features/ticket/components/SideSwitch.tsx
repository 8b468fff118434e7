/** Buy or sell, as two halves of one switch. */
import { SegmentedControl } from '@mantine/core';
import type { Side } from '../api/draft';

const SIDES = [
  { value: 'buy', label: 'Buy' },
  { value: 'sell', label: 'Sell' },
];

export function SideSwitch({ side, onChange }: { side: Side; onChange: (side: Side) => void }) {
  return (
    <SegmentedControl
      aria-label="Side"
      title="B or S on the keyboard"
      fullWidth
      data={SIDES}
      value={side}
      color={side === 'buy' ? 'var(--up-fill)' : 'var(--down-fill)'}
      onChange={(chosen) => onChange(chosen as Side)}
    />
  );
}
