/** A titled part of a page; what is in it scrolls by itself when the page gives it a height. */
import { useId, type ReactNode } from 'react';
import classes from './Panel.module.css';

interface PanelProps {
  title: string;
  /** On the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
  /** Whether the content keeps a distance from the border; tables and ladders bring their own. */
  padded?: boolean;
  /** Whether the content scrolls without holding anything that takes the keyboard's focus. */
  scrolls?: boolean;
}

export function Panel({ title, actions, children, className = '', padded = true, scrolls = false }: PanelProps) {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId} className={`${classes.panel} ${className}`}>
      <header className={classes.header}>
        <h2 id={titleId} className={classes.title}>
          {title}
        </h2>
        {actions}
      </header>
      <div className={`${classes.body} ${padded ? classes.padded : ''}`} {...(scrolls && { tabIndex: 0, role: 'group', 'aria-labelledby': titleId })}>
        {children}
      </div>
    </section>
  );
}
