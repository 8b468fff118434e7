/** The drawing library behind a few words: fill, update, colour, remove. */
import {
  CandlestickSeries,
  ColorType,
  createChart,
  CrosshairMode,
  HistogramSeries,
  TickMarkType,
  type CandlestickData,
  type HistogramData,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Candle, Interval } from '../api/candles';
import { axisTime, candleTime } from '../api/candleTime';

const VOLUME_TOP = 0.82;
const NARROWEST_PX = 6;
const WIDEST_PX = 14;
const FREE_AT_THE_END = 3;
const DAY_MARKS = new Set<TickMarkType>([TickMarkType.Year, TickMarkType.Month, TickMarkType.DayOfMonth]);

export class CandleDrawing {
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<'Candlestick'>;
  private readonly volumes: ISeriesApi<'Histogram'>;
  private drawn = new Map<number, Candle>();
  private isFull = false;
  private palette: ReturnType<typeof paletteOf>;

  /** `point` is told of the candle under the pointer, and of none when it leaves. */
  constructor(
    private readonly frame: HTMLElement,
    interval: Interval,
    point: (candle: Candle | undefined) => void,
  ) {
    this.palette = paletteOf(frame);
    this.chart = createChart(frame, optionsFor(interval));
    this.candles = this.chart.addSeries(CandlestickSeries, { borderVisible: false, priceFormat: { type: 'price', precision: 2, minMove: 0.01 } });
    this.volumes = this.chart.addSeries(HistogramSeries, { priceScaleId: '', priceFormat: { type: 'volume' }, lastValueVisible: false, priceLineVisible: false });
    this.volumes.priceScale().applyOptions({ scaleMargins: { top: VOLUME_TOP, bottom: 0 } });
    this.chart.subscribeCrosshairMove(({ time }) => point(time === undefined ? undefined : this.drawn.get(Number(time))));
    this.colour();
  }

  isFilled(): boolean {
    return this.isFull;
  }

  /** Draw all candles anew; where the reader has scrolled to is kept, except the first time. */
  fill(candles: readonly Candle[]): void {
    this.drawn = new Map(candles.map((candle) => [candle.time, candle]));
    this.candles.setData(candles.map(candlePoint));
    this.volumes.setData(candles.map((candle) => this.volumePoint(candle)));
    if (!this.isFull) this.showNewest(candles.length);
    this.isFull = true;
  }

  /** As many candles as can be told apart, and few of them no wider than a candle should be. */
  private showNewest(count: number): void {
    const { clientWidth } = this.frame;
    const shown = Math.max(clientWidth / WIDEST_PX, Math.min(count, clientWidth / NARROWEST_PX));
    this.chart.timeScale().setVisibleLogicalRange({ from: count - shown, to: count + FREE_AT_THE_END });
  }

  /** Draw what changed or is new. */
  update(candles: readonly Candle[]): void {
    for (const candle of candles) {
      this.drawn.set(candle.time, candle);
      this.candles.update(candlePoint(candle));
      this.volumes.update(this.volumePoint(candle));
    }
  }

  /** Take the page's colours as they are now. */
  colour(): void {
    this.palette = paletteOf(this.frame);
    const { up, down, text, line } = this.palette;
    this.chart.applyOptions({
      layout: { background: { type: ColorType.Solid, color: 'transparent' }, textColor: text },
      grid: { vertLines: { color: line }, horzLines: { color: line } },
      rightPriceScale: { borderColor: line },
      timeScale: { borderColor: line },
    });
    this.candles.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    this.volumes.setData([...this.drawn.values()].map((candle) => this.volumePoint(candle)));
  }

  remove(): void {
    this.chart.remove();
  }

  private volumePoint({ time, open, close, volume }: Candle): HistogramData {
    const { up, down } = this.palette;
    return { time: time as UTCTimestamp, value: volume, color: `${close >= open ? up : down}66` };
  }
}

/** The page's colours; asking for them makes the browser lay out anew, so it is done once a change of them. */
function paletteOf(frame: HTMLElement) {
  const style = getComputedStyle(frame);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return { up: colour('--up'), down: colour('--down'), text: colour('--chart-text'), line: colour('--line') };
}

function candlePoint({ time, open, high, low, close }: Candle): CandlestickData {
  return { time: time as UTCTimestamp, open, high, low, close };
}

function optionsFor({ spanS }: Interval) {
  return {
    autoSize: true,
    crosshair: { mode: CrosshairMode.Normal },
    layout: { fontSize: 11, fontFamily: 'inherit' },
    rightPriceScale: { scaleMargins: { top: 0.14, bottom: 0.24 } },
    timeScale: {
      timeVisible: true,
      secondsVisible: spanS < 60,
      tickMarkFormatter: (time: unknown, type: TickMarkType) => axisTime(Number(time), spanS, DAY_MARKS.has(type)),
    },
    localization: { timeFormatter: (time: unknown) => candleTime(Number(time), spanS) },
  };
}
