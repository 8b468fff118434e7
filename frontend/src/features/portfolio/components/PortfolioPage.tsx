/** The page about what an account owns: its worth now and over time, its holdings, and how they came about. */
import { Grid, Skeleton, Stack, Title } from '@mantine/core';
import { memo } from 'react';
import { EmptyState, ErrorState, Panel } from '@/shared/ui';
import { allocate } from '../api/allocation';
import { usePortfolio, type Portfolio as PortfolioNow } from '../api/usePortfolio';
import { ActivitiesPanel } from './ActivitiesPanel';
import { AllocationRing } from './AllocationRing';
import { EquityPanel } from './EquityPanel';
import { HoldingsPanel } from './HoldingsPanel';
import { PortfolioFigures } from './PortfolioFigures';
import classes from './Portfolio.module.css';

/** For signed-in people only. */
export function PortfolioPage() {
  const { portfolio, error, refetch } = usePortfolio();
  return (
    <Stack gap="md" className={classes.page}>
      <Title order={1} size="h2">Portfolio</Title>
      {error && !portfolio ? <ErrorState error={error} onRetry={refetch} /> : <Portfolio portfolio={portfolio} />}
    </Stack>
  );
}

const Portfolio = memo(function Portfolio({ portfolio }: { portfolio: PortfolioNow | undefined }) {
  const slices = portfolio && allocate(portfolio.valuation);
  return (
    <>
      <PortfolioFigures portfolio={portfolio} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}><EquityPanel equity={portfolio?.valuation.equity} openedAt={portfolio?.openedAt} /></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Panel title="Allocation" className={classes.beside}>
            {!slices ? <Skeleton h="20rem" /> : null}
            {slices?.length === 0 ? <EmptyState title="Nothing to divide yet">Cash and shares show up here.</EmptyState> : null}
            {slices?.length ? <AllocationRing slices={slices} /> : null}
          </Panel>
        </Grid.Col>
      </Grid>
      <HoldingsPanel valuation={portfolio?.valuation} />
      <ActivitiesPanel />
    </>
  );
});
