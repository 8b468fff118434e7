/** The four places of the exchange: links in the header, or tabs at a phone's bottom. */
import { IconBriefcase, IconChartCandle, IconList, IconListDetails } from '@tabler/icons-react';
import { Link, NavLink, useLocation } from 'react-router';
import classes from './Shell.module.css';

const TABS = [
  { to: '/', words: 'Market', Icon: IconListDetails },
  { to: '/trade', words: 'Trade', Icon: IconChartCandle },
  { to: '/orders', words: 'Orders', Icon: IconList },
  { to: '/portfolio', words: 'Portfolio', Icon: IconBriefcase },
] as const;

/** In the header; market and trading are one page there. */
export function TopLinks() {
  const isOnMarket = useLocation().pathname.startsWith('/trade');
  return (
    <nav aria-label="Main" className={classes.links}>
      <Link to="/" className={classes.link} aria-current={isOnMarket ? 'page' : undefined}>
        Market
      </Link>
      <NavLink to="/orders" className={classes.link ?? ''}>
        Orders
      </NavLink>
      <NavLink to="/portfolio" className={classes.link ?? ''}>
        Portfolio
      </NavLink>
    </nav>
  );
}

export function BottomTabs() {
  return (
    <nav aria-label="Main, at the bottom" className={classes.tabs}>
      {TABS.map(({ to, words, Icon }) => (
        <NavLink key={to} to={to} end={to === '/'} className={classes.tab ?? ''}>
          <Icon size={22} stroke={1.7} aria-hidden />
          {words}
        </NavLink>
      ))}
    </nav>
  );
}
