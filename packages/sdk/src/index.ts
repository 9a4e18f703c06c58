export { type Client, type ClientOptions, createClient } from './client.ts';
export type { Bound, Listing, Page } from './listing.ts';
export type { KeyDraft, NewKey } from './resources/keys.ts';
export type { Publication } from './resources/publish.ts';
export type { ReplayPreview } from './resources/replays.ts';
export type { StreamEvent, StreamOptions } from './stream/watch.ts';
export { ApiError } from './transport/api-error.ts';
export { NotReachable } from './transport/not-reachable.ts';
