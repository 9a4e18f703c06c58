import { describe, expect, it } from 'vitest';
import { outputOf } from './output-of.ts';

describe('outputOf', () => {
  it('tells nothing from null, and JSON from what is not', () => {
    expect(outputOf(' \n')).toEqual({ kind: 'none' });
    expect(outputOf('null')).toEqual({ kind: 'json', value: null });
    expect(outputOf('{"id": 7}')).toEqual({ kind: 'json', value: { id: 7 } });
    expect(outputOf('{"id": ')).toEqual({ kind: 'bad' });
  });
});
