import { describe, expect, it } from 'vitest';
import { encodeExcerpt } from './excerpt.ts';

describe('encodeExcerpt', () => {
  it('is nothing when nothing was exchanged', () => {
    expect(encodeExcerpt({ kind: 'unreachable', status: null, detail: '', sent: false })).toBeNull();
  });

  it('keeps heads and the first 4 KiB of each body', () => {
    const body = Buffer.alloc(100_000, 'a');
    const excerpt = encodeExcerpt({
      ...{ kind: 'ok', status: 200, detail: '', sent: true },
      request: { line: 'POST http://erp/x', headers: { a: 'b' }, body },
      response: { status: 200, headers: { c: 'd' }, contentType: 'text/plain', body: Buffer.from('short') },
    });
    const parsed: unknown = JSON.parse(Buffer.from(excerpt ?? []).toString());
    expect(parsed).toEqual({
      request: { line: 'POST http://erp/x', headers: { a: 'b' }, body: 'a'.repeat(4_096) },
      response: { status: 200, headers: { c: 'd' }, body: 'short' },
    });
  });
});
