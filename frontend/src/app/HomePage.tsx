/** The market's front door: a list on phones, elsewhere the symbol looked at last. */
import { Center, Loader } from '@mantine/core';
import { Navigate } from 'react-router';
import { WatchList } from '@/features/market';
import { useAssets } from '@/shared/api';
import { EmptyState, ErrorState } from '@/shared/ui';
import { symbolToOpen } from './lastSymbol';
import { useIsPhone } from './screen';
import classes from './TradePage.module.css';

export function HomePage() {
  const isPhone = useIsPhone();
  if (!isPhone) return <OpenLastSymbol />;
  return (
    <>
      <title>Market · Stock Exchange</title>
      <h1 className="only-read-aloud">Market</h1>
      <WatchList className={classes.edgeToEdge} />
    </>
  );
}

/** Goes on to the symbol looked at last. */
export function OpenLastSymbol() {
  const { data: assets, error, refetch } = useAssets();
  if (!assets) return <Center h="60dvh">{error ? <ErrorState error={error} onRetry={refetch} /> : <Loader aria-label="Loading" />}</Center>;
  const symbol = symbolToOpen(assets);
  if (!symbol) return <EmptyState title="Nothing is listed yet">The operator lists instruments; they will appear here.</EmptyState>;
  return <Navigate to={`/trade/${symbol}`} replace />;
}
