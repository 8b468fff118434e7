/** A signed value in the colour of its direction; the sign and the arrow say the same without colour. */
import type { ReactNode } from 'react';
import { formatChange } from '../format';
import classes from './Change.module.css';

interface ChangeProps {
  /** Decides the direction: 1/10000 dollars, a ratio, or a decimal string; nothing has none. */
  value: bigint | number | string | null | undefined;
  /** What is shown; the value as a change of price unless told otherwise. */
  children?: ReactNode;
  arrow?: boolean;
  className?: string;
}

export function Change({ value, children, arrow = false, className = '' }: ChangeProps) {
  const direction = directionOf(value);
  return (
    <span className={`${classes[direction]} ${className}`}>
      {arrow && direction !== 'flat' && (
        <span aria-hidden="true" className={classes.arrow}>
          {direction === 'up' ? '▲' : '▼'}
        </span>
      )}
      {children ?? formatChange(value)}
    </span>
  );
}

function directionOf(value: ChangeProps['value']): 'up' | 'down' | 'flat' {
  const size = Number(value ?? 0); // only its sign is looked at
  return size > 0 ? 'up' : size < 0 ? 'down' : 'flat';
}
