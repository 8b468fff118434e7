/** The account in six amounts: what it is worth, what that did today, and what can be spent of it. */
import { Text } from '@mantine/core';
import { formatMoney } from '@/shared/format';
import type { Portfolio } from '../api/usePortfolio';
import { Earned, EarnedRatio } from './Earned';
import { Figure } from './Figure';
import classes from './Portfolio.module.css';

/** Keeps every amount's place while there is nothing to show yet. */
export function PortfolioFigures({ portfolio }: { portfolio: Portfolio | undefined }) {
  const valuation = portfolio?.valuation;
  return (
    <dl className={classes.figures}>
      <Figure name="Equity" size="large" note={valuation?.isStale ? <StaleNote /> : 'Cash and shares at current prices'}>
        {valuation && formatMoney(valuation.equity)}
      </Figure>
      <Figure name="Past 24 hours" note={<EarnedRatio ratio={portfolio?.pastDay?.ratio} />}>
        {portfolio && <Earned amount={portfolio.pastDay?.amount} />}
      </Figure>
      <Figure name="Unrealized" note={<EarnedRatio ratio={valuation?.unrealizedRatio} />}>
        {valuation && <Earned amount={valuation.unrealized} />}
      </Figure>
      <Figure name="Realized" note="From shares sold">{portfolio && <Earned amount={portfolio.realized} />}</Figure>
      <Figure name="Cash" note={`${formatMoney(portfolio?.held)} held for orders`}>
        {valuation && formatMoney(valuation.cash)}
      </Figure>
      <Figure name="Buying power" note="Cash that is free to spend">{portfolio && formatMoney(portfolio.buyingPower)}</Figure>
    </dl>
  );
}

function StaleNote() {
  return <Text span inherit c="var(--warning-text)">Some prices are old: no current one can be had</Text>;
}
