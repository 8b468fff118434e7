/** An order as the exchange answers it. */
import type { components } from '../api/schema';

type AlwaysNull = 'hwm' | 'legs' | 'notional' | 'stop_price' | 'trail_price' | 'trail_percent';

/** Without the fields that are there for Alpaca's clients only and never say anything. */
export type Order = Omit<components['schemas']['OrderAnswer'], AlwaysNull>;
