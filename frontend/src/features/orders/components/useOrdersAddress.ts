/** Tab, filter and opened order as they stand in the page's address, so that they survive a reload and can be sent on. */
import { useSearchParams } from 'react-router';
import type { Filter } from '../api/paging';
import { viewOf, type View } from '../api/views';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface OrdersAddress {
  view: View;
  filter: Filter;
  openedId: string | null;
  go: (change: Partial<Record<'view' | 'symbol' | 'side' | 'from' | 'to' | 'order', string | null>>) => void;
}

export function useOrdersAddress(): OrdersAddress {
  const [search, setSearch] = useSearchParams();
  return {
    view: viewOf(search.get('view')),
    filter: filterOf(search),
    openedId: search.get('order'),
    go: (change) =>
      setSearch(
        (current) => {
          for (const [name, value] of Object.entries(change)) {
            if (value) current.set(name, value);
            else current.delete(name);
          }
          return current;
        },
        { replace: !('view' in change || 'order' in change) },
      ),
  };
}

/** What the address says that makes sense; the rest is as if it were not there. */
function filterOf(search: URLSearchParams): Filter {
  const symbol = search.get('symbol');
  const side = search.get('side');
  const [from, to] = [search.get('from'), search.get('to')].map((day) =>
    day && DAY.test(day) && isDay(day) ? day : undefined,
  );
  return {
    ...(symbol && { symbol }),
    ...((side === 'buy' || side === 'sell') && { side }),
    ...(from && { from }),
    ...(to && { to }),
  };
}

function isDay(day: string): boolean {
  return !Number.isNaN(Date.parse(`${day}T00:00:00`));
}
