import { describe, expect, it } from 'vitest';
import { HubError, isHubError, messageOf } from './hub-error.ts';

describe('HubError', () => {
  it('is recognised by its brand, and nothing else is', () => {
    expect(isHubError(new HubError('store.unavailable'))).toBe(true);
    for (const other of [null, undefined, 'x', {}, new Error('x'), { code: 'store.unavailable' }]) expect(isHubError(other)).toBe(false);
  });

  it('may be repeated only where waiting helps', () => {
    expect(new HubError('store.unavailable').retryable).toBe(true);
    expect(new HubError('limit.rate').retryable).toBe(true);
    expect(new HubError('store.conflict').retryable).toBe(false);
    expect(new HubError('hub.internal').retryable).toBe(false);
  });

  it('says its title without a detail, and keeps its cause', () => {
    const cause = new Error('below');
    expect(new HubError('auth.missing', { cause })).toMatchObject({ message: 'A key is required', detail: 'A key is required', cause });
  });
});

describe('messageOf', () => {
  it.each([
    [new Error('a'), 'a'],
    ['b', 'b'],
    [null, 'null'],
  ])('%s', (thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });
});
