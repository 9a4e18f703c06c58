/** Broken links and stale paths are found; what only looks like a path is left alone. */
import { describe, expect, it } from 'vitest';
import { anchorsIn, brokenIn } from './links.ts';

const THERE = new Set(['docs/a.md', 'packages/core']);
const check = (text: string) =>
  brokenIn(
    text,
    (path) => THERE.has(path),
    () => new Set(['here']),
  );

describe('documents', () => {
  it.each(['[x](docs/a.md)', '[x](docs/a.md#here)', '[x](#here)', '[x](https://example.com/y)', '`packages/core`'])('takes %s', (text) => {
    expect(check(text)).toEqual([]);
  });

  it.each(['[x](docs/b.md)', '[x](docs/a.md#gone)', '[x](#gone)', '`packages/gone/src`', '`gone.md`'])('finds %s', (text) => {
    expect(check(text)).toHaveLength(1);
  });

  it.each(['`/api/v1/spokes`', '`POST /hooks/{spoke}`', '`application/json`', '`node apps/hub/src/main.js`', '`and/or`'])(
    'does not take %s for a path',
    (text) => {
      expect(check(text)).toEqual([]);
    },
  );

  it('leaves code blocks alone', () => {
    expect(check('```sh\ncat `docs/gone.md` [x](gone.md)\n```')).toEqual([]);
  });

  it('makes anchors as GitHub does', () => {
    expect([...anchorsIn('# Hello, World!\n## `NAVE_ROLE` and you')]).toEqual(['hello-world', 'nave_role-and-you']);
  });
});
