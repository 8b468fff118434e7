/** Whether the page is too narrow for tables. */
import { useMediaQuery } from '@mantine/hooks';

const PHONE = '(max-width: 48em)';

export function usePhone(): boolean {
  return useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
}
