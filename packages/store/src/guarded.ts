/** The edge between database calls and the rest: what they throw leaves as a `HubError`. */
import { isHubError } from '@nave/core';
import { storeError } from './database.ts';

/** Runs database work; our own errors pass, all others become `store.unavailable` or `hub.internal`. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isHubError(error) ? error : storeError(error);
  }
}
