/** Holdings as cards, for phones. */
import { Link } from 'react-router';
import { formatMoney, formatPercent, formatPrice, formatQuantity } from '@/shared/format';
import { SymbolMark } from '@/shared/ui';
import type { Holding } from '../api/valuation';
import { Earned, EarnedRatio } from './Earned';
import classes from './Portfolio.module.css';
import { StaleMark } from './StaleMark';
import { TradeLink } from './TradeLink';

export function HoldingsCards({ holdings }: { holdings: readonly Holding[] }) {
  return (
    <ul className={classes.cards} aria-label="Holdings">
      {holdings.map((holding) => <Card key={holding.symbol} holding={holding} />)}
    </ul>
  );
}

function Card({ holding }: { holding: Holding }) {
  const { symbol, quantity, available } = holding;
  return (
    <li>
      <header>
        <Link to={`/trade/${encodeURIComponent(symbol)}`} className={classes.symbol}>
          <SymbolMark symbol={symbol} size={28} />
          {symbol}
        </Link>
        <strong>{formatMoney(holding.marketValue)}</strong>
      </header>
      <dl>
        <div><dt>Shares</dt><dd>{formatQuantity(quantity)}</dd></div>
        <div><dt>Held for orders</dt><dd>{formatQuantity(quantity - available)}</dd></div>
        <div><dt>Last price</dt><dd>{formatPrice(holding.price)}{holding.isStale ? <StaleMark /> : null}</dd></div>
        <div><dt>Average cost</dt><dd>{formatPrice(holding.averageCost)}</dd></div>
        <div>
          <dt>Unrealized</dt>
          <dd><Earned amount={holding.unrealized} /> <EarnedRatio ratio={holding.unrealizedRatio} /></dd>
        </div>
        <div><dt>Realized</dt><dd><Earned amount={holding.realized} /></dd></div>
      </dl>
      <footer>
        <span>{formatPercent(holding.share, false)} of equity</span>
        <TradeLink symbol={symbol} />
      </footer>
    </li>
  );
}
