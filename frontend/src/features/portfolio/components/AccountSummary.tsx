/** The account in one line, for beside the ticket: what it is worth and what can be spent. */
import { formatMoney } from '@/shared/format';
import { usePortfolio } from '../api/usePortfolio';
import { Earned } from './Earned';
import { Figure } from './Figure';
import classes from './Portfolio.module.css';

/** For signed-in people only. */
export function AccountSummary() {
  const { portfolio } = usePortfolio();
  return (
    <dl className={classes.summary} aria-label="Account">
      <Figure name="Equity">{portfolio && formatMoney(portfolio.valuation.equity)}</Figure>
      <Figure name="Past 24 hours">{portfolio && <Earned amount={portfolio.pastDay?.amount} />}</Figure>
      <Figure name="Cash">{portfolio && formatMoney(portfolio.valuation.cash)}</Figure>
      <Figure name="Buying power">{portfolio && formatMoney(portfolio.buyingPower)}</Figure>
    </dl>
  );
}
