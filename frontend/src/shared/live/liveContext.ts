/** Where the hooks find the page's live picture. */
import { createContext, use } from 'react';
import type { Live } from './live';

export const LiveContext = createContext<Live | undefined>(undefined);

/** The live picture; an error outside of LiveProvider. */
export function useLivePicture(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('LiveProvider is missing above this component');
  return live;
}
