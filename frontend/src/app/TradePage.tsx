/** One symbol with everything to trade it: list, chart, depth, tape, ticket and open orders. */
import { Button, Center } from '@mantine/core';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { ChartPanel, DepthPanel, SymbolHeader, TapePanel, WatchList } from '@/features/market';
import { OpenOrdersPanel } from '@/features/orders';
import { AccountSummary } from '@/features/portfolio';
import { OrderTicket } from '@/features/ticket';
import { useAssets } from '@/shared/api';
import { formatPrice } from '@/shared/format';
import { usePrice } from '@/shared/live';
import { EmptyState, Panel } from '@/shared/ui';
import { rememberSymbol } from './lastSymbol';
import { useIsPhone } from './screen';
import { TradeOnPhone } from './TradeOnPhone';
import classes from './TradePage.module.css';

export function TradePage() {
  const { symbol = '' } = useParams();
  const { data: assets } = useAssets();
  const isPhone = useIsPhone();
  const isListed = assets?.some((asset) => asset.symbol === symbol);
  useEffect(() => {
    if (isListed) rememberSymbol(symbol);
  }, [isListed, symbol]);
  if (isListed === false) return <UnknownSymbol symbol={symbol} />;
  return (
    <>
      <PageTitle symbol={symbol} />
      {isPhone ? <TradeOnPhone key={symbol} symbol={symbol} /> : <TradeOnDesk symbol={symbol} />}
    </>
  );
}

function TradeOnDesk({ symbol }: { symbol: string }) {
  return (
    <div className={classes.desk}>
      <WatchList symbol={symbol} className={classes.watch} />
      <SymbolHeader symbol={symbol} className={classes.head} />
      <ChartPanel symbol={symbol} className={classes.chart} />
      <div className={classes.open}>
        <OpenOrdersPanel symbol={symbol} />
      </div>
      <DepthPanel symbol={symbol} className={classes.depth} />
      <TapePanel symbol={symbol} className={classes.tape} />
      <div className={classes.ticket}>
        <Panel title="Account">
          <AccountSummary />
        </Panel>
        <Panel title="Place an order" className={classes.order}>
          <OrderTicket key={symbol} symbol={symbol} />
        </Panel>
      </div>
    </div>
  );
}

function PageTitle({ symbol }: { symbol: string }) {
  const quote = usePrice(symbol);
  return <title>{`${quote ? `${formatPrice(quote.price)} ` : ''}${symbol} · Stock Exchange`}</title>;
}

function UnknownSymbol({ symbol }: { symbol: string }) {
  return (
    <Center h="60dvh">
      <title>Unknown symbol · Stock Exchange</title>
      <EmptyState title={`Nothing is listed as ${symbol}`}>
        <Button component={Link} to="/" variant="light" size="xs" mt="xs">
          To the market
        </Button>
      </EmptyState>
    </Center>
  );
}
