/** Which way each trade went from the one before it. */
import { compareDecimals } from '@/shared/format';

export type Tick = 'up' | 'down' | 'same';

/** One tick per trade of a tape that has the newest first; a trade at the same price keeps the way of the last move. */
export function ticksOf(tape: readonly { price: string }[]): Tick[] {
  const ticks: Tick[] = [];
  let tick: Tick = 'same';
  for (let index = tape.length - 1; index >= 0; index -= 1) {
    const [before, now] = [tape[index + 1]?.price, tape[index]?.price];
    const way = before === undefined || now === undefined ? 0 : compareDecimals(now, before);
    tick = way > 0 ? 'up' : way < 0 ? 'down' : tick;
    ticks[index] = tick;
  }
  return ticks;
}
