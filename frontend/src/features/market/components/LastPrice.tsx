/** A price that lights up for a moment in the colour of the way it went. */
import { formatPrice } from '@/shared/format';
import { usePrice } from '@/shared/live';
import classes from './LastPrice.module.css';

interface LastPriceProps {
  symbol: string;
  price: string | undefined;
  className?: string | undefined;
}

export function LastPrice({ symbol, price, className = '' }: LastPriceProps) {
  const quote = usePrice(symbol);
  const way = quote?.previous === undefined ? '' : Number(quote.price) > Number(quote.previous) ? classes.rose : classes.fell;
  // The key starts the animation anew for each price.
  return (
    <span key={quote?.price} className={`${classes.price} ${way} ${className}`}>
      {formatPrice(price)}
    </span>
  );
}
