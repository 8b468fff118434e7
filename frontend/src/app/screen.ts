/** How much room there is: the same borders as in the style sheets. */
import { useMediaQuery } from '@mantine/hooks';

const PHONE = '(max-width: 47.99em)';

/** Whether the page is as narrow as a phone's. */
export function useIsPhone(): boolean {
  return useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
}
