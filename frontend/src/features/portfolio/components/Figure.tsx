/** One named amount, and below it what explains it. */
import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Portfolio.module.css';

interface Props {
  name: string;
  /** Nothing yet: its place is kept. */
  children: ReactNode | undefined;
  note?: ReactNode;
  size?: 'large' | 'small';
}

/** Belongs into a `dl`. */
export function Figure({ name, children, note, size = 'small' }: Props) {
  return (
    <div className={classes.figure} data-size={size}>
      <dt>{name}</dt>
      <dd>
        <div className={classes.amount}>{children ?? <Skeleton h="0.9em" w="6em" />}</div>
        {note === undefined ? null : <div className={classes.note}>{note}</div>}
      </dd>
    </div>
  );
}
