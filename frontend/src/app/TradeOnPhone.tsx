/** The trade page where there is room for one thing at a time; the ticket comes up as a sheet. */
import { Button, Drawer, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { ChartPanel, DepthPanel, SymbolHeader, TapePanel } from '@/features/market';
import { OpenOrdersPanel } from '@/features/orders';
import { AccountSummary } from '@/features/portfolio';
import { OrderTicket } from '@/features/ticket';
import { fillTicket, useTicketDraft } from '@/shared/ticket';
import classes from './TradePage.module.css';

const VIEWS = ['Chart', 'Order book', 'Trades', 'Orders'] as const;
type View = (typeof VIEWS)[number];

export function TradeOnPhone({ symbol }: { symbol: string }) {
  const [view, setView] = useState<View>('Chart');
  return (
    <div className={classes.phone}>
      <SymbolHeader symbol={symbol} />
      <SegmentedControl aria-label="What to show" fullWidth data={[...VIEWS]} value={view} onChange={(value) => setView(value as View)} mx="sm" />
      <div className={classes.view}>
        {view === 'Chart' && <ChartPanel symbol={symbol} className={classes.edgeToEdge} />}
        {view === 'Order book' && <DepthPanel symbol={symbol} className={classes.edgeToEdge} />}
        {view === 'Trades' && <TapePanel symbol={symbol} className={classes.edgeToEdge} />}
        {view === 'Orders' && <OpenOrdersPanel symbol={symbol} className={classes.edgeToEdge} />}
      </div>
      <TicketSheet symbol={symbol} />
    </div>
  );
}

function TicketSheet({ symbol }: { symbol: string }) {
  const draft = useTicketDraft();
  const filledTimes = draft?.symbol === symbol ? draft.filledTimes : 0;
  const [seen, setSeen] = useState(filledTimes);
  const [isUp, setUp] = useState(false);
  if (filledTimes !== seen) {
    setSeen(filledTimes);
    setUp(true);
  }
  return (
    <>
      <div className={classes.sides}>
        <Button className={classes.buy} onClick={() => fillTicket({ symbol, side: 'buy' })}>
          Buy
        </Button>
        <Button className={classes.sell} onClick={() => fillTicket({ symbol, side: 'sell' })}>
          Sell
        </Button>
      </div>
      <Drawer
        opened={isUp}
        onClose={() => setUp(false)}
        position="bottom"
        title={`Trade ${symbol}`}
        classNames={{ content: classes.sheet }}
        keepMounted
      >
        <div className={classes.ticket}>
          <AccountSummary />
          <OrderTicket symbol={symbol} />
        </div>
      </Drawer>
    </>
  );
}
