/** A symbol's own small sign: its letters on a hue that is always the same for it. */
import classes from './SymbolMark.module.css';

interface SymbolMarkProps {
  symbol: string;
  /** Edge in pixels. */
  size?: number;
}

export function SymbolMark({ symbol, size = 28 }: SymbolMarkProps) {
  return (
    <span
      aria-hidden="true"
      className={classes.mark}
      style={{ width: size, height: size, fontSize: size * 0.38, '--hue': hueOf(symbol) } as React.CSSProperties}
    >
      {symbol.slice(0, 2)}
    </span>
  );
}

function hueOf(symbol: string): number {
  let hash = 7;
  for (const letter of symbol) hash = (hash * 31 + letter.charCodeAt(0)) % 3_600;
  return hash / 10;
}
