/** The last two hours of a price as one line; a picture only, the numbers stand beside it. */
import { memo } from 'react';

interface SparklineProps {
  closes: readonly number[] | undefined;
  last: string | undefined;
  isUp: boolean;
}

const WIDTH = 48;
const HEIGHT = 24;
const MARGIN = 2;

export const Sparkline = memo(function Sparkline({ closes, last, isUp }: SparklineProps) {
  const points = [...(closes ?? []), ...(last === undefined ? [] : [Number(last)])];
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline
        points={pathOf(points)}
        fill="none"
        stroke={isUp ? 'var(--up)' : 'var(--down)'}
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
});

function pathOf(points: readonly number[]): string {
  const line = points.length === 1 ? [...points, ...points] : points;
  const low = Math.min(...line);
  const range = Math.max(...line) - low;
  const x = (index: number) => MARGIN + (index / (line.length - 1)) * (WIDTH - 2 * MARGIN);
  const y = (value: number) => (range === 0 ? HEIGHT / 2 : HEIGHT - MARGIN - ((value - low) / range) * (HEIGHT - 2 * MARGIN));
  return line.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
}
