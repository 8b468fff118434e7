/** Draws an account's worth over time; a chunk of its own, because the charting library is large. */
import { useComputedColorScheme } from '@mantine/core';
import {
  BaselineSeries,
  ColorType,
  createChart,
  TickMarkType,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { formatDateTime, formatMoney } from '@/shared/format';
import { moneyMarks, timeMark } from '../api/axes';
import { lineOf, type History } from '../api/history';
import classes from './Portfolio.module.css';

const DAY_MARKS = new Set<TickMarkType>([TickMarkType.Year, TickMarkType.Month, TickMarkType.DayOfMonth]);

interface Props {
  history: History;
  /** In 1/10000 dollar, at the newest prices. */
  equity: bigint;
  /** What the picture says, in words. */
  label: string;
}

interface Drawing {
  chart: IChartApi;
  series: ISeriesApi<'Baseline'>;
}

/** The line is green above its start and red below it; it fills its parent. */
export default function EquityCanvas({ history, equity, label }: Props) {
  const box = useRef<HTMLElement>(null);
  const drawing = useRef<Drawing>(undefined);
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });

  useEffect(() => {
    if (!box.current) return;
    drawing.current = begin(box.current);
    const { chart } = drawing.current;
    return () => chart.remove();
  }, []);

  useEffect(() => {
    if (drawing.current) paint(drawing.current);
  }, [scheme]);

  useEffect(() => {
    if (drawing.current) draw(drawing.current, history, equity);
  }, [history, equity]);

  return <figure ref={box} aria-label={label} className={classes.canvas} />;
}

function begin(box: HTMLElement): Drawing {
  const chart = createChart(box, {
    autoSize: true,
    handleScroll: false,
    handleScale: false,
    layout: { background: { type: ColorType.Solid, color: 'transparent' } },
    rightPriceScale: { borderVisible: false },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      allowBoldLabels: false,
      tickMarkFormatter: (atS: unknown, type: TickMarkType) => timeMark(Number(atS), DAY_MARKS.has(type)),
    },
    localization: {
      priceFormatter: (dollars: number) => formatMoney(dollars),
      tickmarksPriceFormatter: moneyMarks,
      timeFormatter: (seconds: number) => formatDateTime(seconds * 1_000),
    },
  });
  return { chart, series: chart.addSeries(BaselineSeries, { lineWidth: 2, priceLineVisible: false }) };
}

/** A canvas cannot read style sheets, so it is told the page's colours. */
function paint({ chart, series }: Drawing): void {
  const styles = getComputedStyle(document.documentElement);
  const color = (name: string) => styles.getPropertyValue(name).trim();
  chart.applyOptions({
    layout: { textColor: color('--mantine-color-dimmed'), fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { vertLines: { visible: false }, horzLines: { color: color('--line') } },
  });
  series.applyOptions({
    topLineColor: color('--up'),
    topFillColor1: color('--up-soft'),
    topFillColor2: 'transparent',
    bottomLineColor: color('--down'),
    bottomFillColor1: 'transparent',
    bottomFillColor2: color('--down-soft'),
  });
}

function draw({ chart, series }: Drawing, history: History, equity: bigint): void {
  const points = lineOf(history, equity, Date.now() / 1_000);
  const [first] = points;
  if (first) series.applyOptions({ baseValue: { type: 'price', price: first.value } });
  series.setData(points.map(({ time, value }) => ({ time: time as UTCTimestamp, value })));
  chart.timeScale().fitContent();
}
