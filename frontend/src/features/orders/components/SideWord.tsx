/** Buy or sell, in words and in colour. */
import { sideWord } from '../api/words';
import type { Order } from '../api/types';
import classes from './Orders.module.css';

export function SideWord({ side }: { side: Order['side'] }) {
  return <span className={classes[side]}>{sideWord(side)}</span>;
}
