import { describe, expect, it } from 'vitest';
import { headlineOf } from './headline.ts';
import { issueFixture } from './issue-fixture.ts';

const summary = { issues: 2, dead: 10, unknown: 1, parkedLanes: 2, exact: true };

describe('headlineOf', () => {
  it('is about the group that failed last, counts what is dead for other reasons, and says what helps', () => {
    const older = issueFixture({ id: 'older', lastSeen: '2026-11-21T12:00:00.000Z', outcome: 'fault', status: 500 });
    const newest = issueFixture();
    expect(headlineOf(summary, [older, newest])).toEqual({
      kind: 'dead',
      group: newest,
      others: 7,
      unknown: 1,
      exact: true,
      helps: 'look',
    });
    expect(headlineOf(summary, [older])).toMatchObject({ kind: 'dead', group: { id: 'older' }, helps: 'retry' });
  });

  it('never counts fewer than nothing when the group grew after the summary was read', () => {
    expect(headlineOf({ ...summary, dead: 2 }, [issueFixture()])).toMatchObject({ others: 0 });
  });

  it('asks for decisions when nothing is dead, and is quiet when nothing waits', () => {
    expect(headlineOf({ ...summary, dead: 0 }, [issueFixture({ state: 'unknown' })])).toEqual({
      kind: 'undecided',
      unknown: 1,
      exact: true,
    });
    expect(headlineOf({ ...summary, dead: 0, unknown: 0 }, [])).toEqual({ kind: 'quiet' });
  });

  it('does not claim to know the whole when the hub counts only a part', () => {
    expect(headlineOf(summary, [issueFixture({ exact: false })])).toMatchObject({ exact: false });
  });
});
