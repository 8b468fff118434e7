/** The frame of every page behind the login: header, navigation, and on phones the tabs at the bottom. */
import { Suspense } from 'react';
import { Link, Navigate, Outlet, useLocation } from 'react-router';
import { OrderNews } from '@/features/orders';
import { AccountMenu } from '@/features/session';
import { useSession } from '@/shared/api';
import { Mark } from '@/shared/ui';
import { ConnectionBadge } from './ConnectionBadge';
import { BottomTabs, TopLinks } from './Navigation';
import { SchemeSwitch } from './SchemeSwitch';
import { Waiting } from './Waiting';
import classes from './Shell.module.css';

export function Shell() {
  const { status } = useSession();
  const { pathname } = useLocation();
  if (status === 'loading') return <Waiting />;
  if (status === 'anonymous') return <Navigate to="/login" replace state={{ from: pathname }} />;
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          <Mark size={26} />
          <span className={classes.name}>Stock Exchange</span>
        </Link>
        <TopLinks />
        <div className={classes.tools}>
          <ConnectionBadge />
          <SchemeSwitch />
          <AccountMenu />
        </div>
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
      <BottomTabs />
      <OrderNews />
    </div>
  );
}
