import { describe, expect, it, vi } from 'vitest';

vi.mock('../../api/client.ts', () => ({ hub: {} }));

const { pastedSample, readSample, typeOfPattern } = await import('./sample.ts');

describe('a sample', () => {
  it('is of a type that the route takes unless it says its own', () => {
    expect(readSample(pastedSample('{"n":1}'), 'order.*')).toEqual({ message: { type: 'order.example', data: { n: 1 } } });
    expect(readSample({ ...pastedSample('1'), type: 'lead', rest: { source: 'web' } }, 'order.*')).toEqual({
      message: { type: 'lead', data: 1, source: 'web' },
    });
    expect(['order.created', '**', 'a.**.b', ''].map(typeOfPattern)).toEqual(['order.created', 'example', 'a.example.b', 'example']);
  });

  it('that is no JSON says where', () => {
    const read = readSample(pastedSample('{ "n": 1, }'), '**');
    expect('problem' in read && read.problem).toMatchObject({ from: 10, message: expect.any(String) });
    expect('problem' in readSample(pastedSample(''), '**')).toBe(true);
  });
});
