/** Paths of the CRM API in its dated versions and in the legacy one (developers.hubspot.com, API reference 2026-03 and v3). */
import { DEFAULT_BASE_URL, type HubspotConfig } from './config.ts';

export interface HubspotPaths {
  /** Records of a type, and what lies below. */
  objects(type: string, ...segments: readonly string[]): string;
  /** Associations from one record. The legacy paths are of v4, because v3 had another form. */
  associations(from: { type: string; id: string }, ...segments: readonly string[]): string;
  account(): string;
}

export function hubspotPaths({ baseUrl = DEFAULT_BASE_URL, apiVersion = '2026-03' }: HubspotConfig): HubspotPaths {
  const base = baseUrl.replace(/\/+$/, '');
  const legacy = apiVersion === 'v3';
  const objects = legacy ? `${base}/crm/v3/objects` : `${base}/crm/objects/${apiVersion}`;
  const linked = legacy ? `${base}/crm/v4/objects` : objects;
  const join = (root: string, segments: readonly string[]): string => [root, ...segments.map(encodeURIComponent)].join('/');
  return {
    objects: (type, ...segments) => join(objects, [type, ...segments]),
    associations: ({ type, id }, ...segments) => join(linked, [type, id, 'associations', ...segments]),
    account: () => (legacy ? `${base}/account-info/v3/details` : `${base}/account-info/${apiVersion}/details`),
  };
}
