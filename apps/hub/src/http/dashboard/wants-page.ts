/** Which requests that no route took get the dashboard's page: those of a person with a browser, outside of what belongs to the API. */

/** First segments that are never a path of the dashboard: there, what is unknown stays 404 for everybody. */
const TAKEN = new Set(['api', 'hooks', 'v1', 'call', 'soap', 'docs', 'assets', 'openapi.json', 'metrics', 'healthz', 'readyz']);

/** @param accept the `Accept` header; only one that names `text/html` counts, for every other client takes anything */
export function wantsPage(path: string, accept: string | undefined): boolean {
  const [, first = ''] = path.split('/');
  return !TAKEN.has(first) && acceptsHtml(accept ?? '');
}

/** RFC 9110 section 12.5.1; a quality of 0 refuses. */
function acceptsHtml(accept: string): boolean {
  return accept.split(',').some((range) => /^\s*text\/html\s*(;|$)/i.test(range) && !/;\s*q=0(\.0*)?\s*(;|$)/i.test(range));
}
