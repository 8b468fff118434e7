/** What can be traded: fetched once, kept true by what is heard of halts and listings. */
import { useQuery } from '@tanstack/react-query';
import { api, unwrap } from './client';
import { queryClient } from './query';
import type { components } from './schema';

export type Asset = components['schemas']['Asset'];

const KEY = ['assets'];

const options = {
  queryKey: KEY,
  queryFn: () => unwrap(api.GET('/v2/assets')),
  staleTime: Infinity,
};

/** All instruments, by symbol. */
export function useAssets() {
  return useQuery(options);
}

/** One instrument; undefined while loading and when nothing has that symbol. */
export function useAsset(symbol: string): Asset | undefined {
  return useQuery({ ...options, select: (assets) => assets.find((asset) => asset.symbol === symbol) }).data;
}

/** Heard: trading in these symbols was halted (true) or resumed (false). */
export function noteHalts(halts: Readonly<Record<string, boolean>>): void {
  queryClient.setQueryData<Asset[]>(KEY, (assets) =>
    assets?.map((asset) => {
      const halted = halts[asset.symbol];
      return halted === undefined ? asset : { ...asset, halted, tradable: !halted };
    }),
  );
}

/** Heard: something new can be traded. */
export function noteListings(): void {
  void queryClient.invalidateQueries({ queryKey: KEY });
}
