/** How long the order may wait. */
import { NativeSelect } from '@mantine/core';
import { TIMES, type TimeInForce } from '../api/draft';
import { TIME } from '../api/words';
import type { Ticket } from './useTicket';

export function TimeField({ ticket }: { ticket: Ticket }) {
  const { draft, problems, edit } = ticket;
  return (
    <NativeSelect
      label="Time in force"
      description={TIME[draft.timeInForce].meaning}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      error={problems.timeInForce}
      value={draft.timeInForce}
      data={TIMES[draft.type].map((time) => ({ value: time, label: TIME[time].label }))}
      onChange={(event) => edit({ timeInForce: event.currentTarget.value as TimeInForce })}
    />
  );
}
