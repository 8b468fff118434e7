/** Which address shows which page; pages away from the market are loaded when they are first opened. */
import { createBrowserRouter } from 'react-router';
import { LoginPage, SignUpPage } from '@/features/session';
import { NotFoundPage } from './NotFoundPage';
import { RouteError } from './RouteError';
import { Shell } from './Shell';
import { Waiting } from './Waiting';
import { HomePage, OpenLastSymbol } from './HomePage';
import { TradePage } from './TradePage';

const whileLoading = { hydrateFallbackElement: <Waiting /> };

export const router = createBrowserRouter([
  { path: '/login', element: <LoginPage />, errorElement: <RouteError /> },
  { path: '/signup', element: <SignUpPage />, errorElement: <RouteError /> },
  {
    element: <Shell />,
    errorElement: <RouteError />,
    children: [
      { index: true, element: <HomePage /> },
      { path: 'trade', element: <OpenLastSymbol /> },
      { path: 'trade/:symbol', element: <TradePage /> },
      { path: 'orders', ...whileLoading, lazy: async () => ({ Component: (await import('@/features/orders/components/OrdersPage')).OrdersPage }) },
      { path: 'portfolio', ...whileLoading, lazy: async () => ({ Component: (await import('@/features/portfolio/components/PortfolioPage')).PortfolioPage }) },
      { path: 'account', ...whileLoading, lazy: async () => ({ Component: (await import('@/features/session/components/AccountPage')).AccountPage }) },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
]);
