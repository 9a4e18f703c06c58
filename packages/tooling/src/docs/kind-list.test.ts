import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '@nave/adapters';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/workspace.ts';
import { renderKindList } from './kind-list.ts';
import { checkKindPages, KIND_PAGE_HEADINGS, kindPageProblems } from './kind-pages.ts';

describe('the list of kinds', () => {
  it('is what the registry says; "pnpm docs:write" brings it up to date', () => {
    expect(readFileSync(join(ROOT, 'docs/kinds.md'), 'utf8')).toBe(renderKindList(KINDS));
  });

  it('has a row for each kind, and a family for each row', () => {
    const text = renderKindList(KINDS);
    for (const { kind, docs } of KINDS) expect(text).toContain(`| [\`${kind}\`](${docs}) |`);
    expect(text.split('\n').filter((line) => line.startsWith('| [`'))).toHaveLength(KINDS.length);
  });

  it('says what can be done, and what repeating does', () => {
    const [rest] = KINDS;
    if (!rest) throw new Error('no kinds');
    const operations: (typeof rest)['operations'] = [
      { name: 'pay', title: 'Pay', input: {}, idempotent: 'never', lookup: 'find', undo: 'refund' },
      { name: 'find', title: 'Find', input: {}, idempotent: 'always' },
    ];
    const [row] = renderKindList([{ ...rest, operations, summary: 'a|b' }]).match(/^\| \[.*$/m) ?? [];
    expect(row).toContain('`pay` (never, ? find, ↶ refund), `find` (always)');
    expect(row).toContain('a\\|b');
  });

  it('says what can be polled, and how often that is done', () => {
    const rows = renderKindList(KINDS).split('\n');
    expect(rows.find((row) => row.startsWith('| [`pohoda`]'))).toContain('| `invoices` (5m), `stock` (5m) |');
    expect(rows.find((row) => row.startsWith('| [`rest`]'))).toContain("| as sent | from the spoke's config |");
    expect(rows.find((row) => row.startsWith('| [`webhook`]'))).toContain('| as sent | none |');
  });
});

describe('the page of a kind', () => {
  it('is there for each, with the headings of all', () => {
    expect(checkKindPages(ROOT, KINDS)).toEqual([]);
  });

  it('is refused without a heading, or with them in another order', () => {
    const page = KIND_PAGE_HEADINGS.map((heading) => `## ${heading}\n`).join('\n');
    expect(kindPageProblems(page)).toEqual([]);
    expect(kindPageProblems(page.replace('## Events', '## Event'))).toEqual(['lacks the heading Events']);
    expect(
      kindPageProblems(page.replace('## Events', '## X').replace('## Operations', '## Events').replace('## X', '## Operations')),
    ).toHaveLength(1);
    expect(checkKindPages(ROOT, [{ kind: 'nobody', docs: 'kinds/nobody.md' }])).toMatchObject([{ file: 'docs/kinds/nobody.md' }]);
  });
});
