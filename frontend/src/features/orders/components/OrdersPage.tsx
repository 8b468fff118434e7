/** All orders of the account: by state, filtered, changed and canceled, exported, each with its fills and its past. */
import { Group, Stack, Tabs, Title } from '@mantine/core';
import { VIEW, VIEWS } from '../api/views';
import { CancelAllButton } from './CancelAllButton';
import { ExportButton } from './ExportButton';
import { OrderDrawer } from './OrderDrawer';
import { OrderFilters } from './OrderFilters';
import { OrderList } from './OrderList';
import classes from './Orders.module.css';
import { useOrdersAddress } from './useOrdersAddress';

/** For signed-in people only. */
export function OrdersPage() {
  const { view, filter, openedId, go } = useOrdersAddress();
  const open = (order: string) => go({ order });
  return (
    <Stack gap="md" className={classes.page}>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Orders
        </Title>
        <Group gap="xs">
          <ExportButton view={view} filter={filter} />
          <CancelAllButton />
        </Group>
      </Group>
      <Tabs value={view} onChange={(chosen) => go({ view: chosen })}>
        <Tabs.List className={classes.tabs}>
          {VIEWS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {VIEW[each].label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view} pt="md">
          <Stack gap="md">
            <OrderFilters filter={filter} onChange={go} />
            <OrderList key={view} view={view} filter={filter} onOpen={open} />
          </Stack>
        </Tabs.Panel>
      </Tabs>
      <OrderDrawer id={openedId} onClose={() => go({ order: null })} onOpen={open} />
    </Stack>
  );
}
