/** The candles drawn; a chunk of its own, for the drawing library is large and nothing else needs it. */
import { useEffect, useRef, useState } from 'react';
import { useMarket } from '@/shared/live';
import { CandleRow, countedThrough, type Candle, type Interval } from '../api/candles';
import type { FetchedCandles } from '../api/queries';
import classes from './ChartPanel.module.css';
import { ChartLegend } from './ChartLegend';
import { CandleDrawing } from './candleDrawing';

interface CandleChartProps {
  symbol: string;
  interval: Interval;
  fetched: FetchedCandles;
  scheme: 'light' | 'dark';
}

/** To draw the candles costs as much as all else on the page; this often they still seem to move with every trade. */
const PAUSE_MS = 200;

export default function CandleChart({ symbol, interval, fetched, scheme }: CandleChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<CandleDrawing>();
  const [pointed, setPointed] = useState<Candle>();
  const [newest, setNewest] = useState<Candle>();
  const { trades } = useMarket(symbol, PAUSE_MS);
  const row = useRef<{ of: FetchedCandles; candles: CandleRow }>(undefined);

  useEffect(() => {
    if (!frame.current) return;
    const begun = new CandleDrawing(frame.current, interval, setPointed);
    setDrawing(begun);
    return () => begun.remove();
  }, [interval]);

  useEffect(() => drawing?.colour(), [drawing, scheme]);

  useEffect(() => {
    if (!drawing) return;
    if (row.current?.of !== fetched || !drawing.isFilled()) {
      const through = fetched.through ?? countedThrough(fetched.lastBar, trades);
      const candles = new CandleRow(fetched.candles, through, interval.spanS);
      candles.take(trades);
      row.current = { of: fetched, candles };
      drawing.fill(candles.all());
    } else {
      drawing.update(row.current.candles.take(trades));
    }
    setNewest(row.current.candles.all().at(-1));
  }, [drawing, fetched, interval, trades]);

  return (
    <>
      <div
        ref={frame}
        className={classes.chart}
        role="group"
        aria-label={`Candles of ${interval.words} of ${symbol}${newest ? `, last close ${newest.close.toFixed(2)}` : ''}`}
      />
      <ChartLegend candle={pointed ?? newest} interval={interval} />
    </>
  );
}
