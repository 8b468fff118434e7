/** The way to the exchange's API. */
export { calmly } from './calmly';
export { api, ApiError, isPassing, sentenceOf, unwrap } from './client';
export { useAsset, useAssets, type Asset } from './assets';
export { newId } from './ids';
export { queryClient } from './query';
export { useSession } from './session';
export type { components } from './schema';
