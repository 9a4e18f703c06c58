import { expect, it } from 'vitest';
import { wantsPage } from './wants-page.ts';

it.each([
  ['text/html', true],
  ['application/json, TEXT/HTML;level=1', true],
  ['text/html;q=0.1', true],
  ['text/html;q=0.000', false],
  ['text/html; q=0', false],
  ['*/*', false],
  ['', false],
  [undefined, false],
])('a client that accepts %s gets the page: %s', (accept, page) => {
  expect(wantsPage('/messages', accept)).toBe(page);
});

it('paths that only begin with the same letters as those of the API are the dashboard’s', () => {
  for (const path of ['/callers', '/v10', '/documents', '/hooks-of-mine']) expect(wantsPage(path, 'text/html'), path).toBe(true);
  for (const path of ['/call/x', '/v1', '/docs', '/hooks']) expect(wantsPage(path, 'text/html'), path).toBe(false);
});
