import { AlertWhenInput, closed, nullable, SessionCreate, SpokeInput } from '@nave/api-schema';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { bodyChecker } from './validation.ts';

function problems(schema: Parameters<typeof bodyChecker>[0], value: unknown): unknown {
  try {
    bodyChecker(schema)(value);
    return [];
  } catch (error) {
    return error instanceof Error && 'errors' in error ? error.errors : error;
  }
}

describe('field problems', () => {
  it('names missing and unknown fields themselves', () => {
    expect(problems(closed({ a: Type.String(), 'b/c': Type.String() }), { 'd~': 1 })).toEqual([
      { path: '/a', message: 'required' },
      { path: '/b~1c', message: 'required' },
      { path: '/d~0', message: 'unknown field' },
    ]);
  });

  it('points into the one form of a union that was meant', () => {
    expect(problems(SpokeInput, { kind: 'rest', policy: { timeout: 'soon', retry: { attempts: 0 } } })).toEqual([
      { path: '/policy/timeout', message: 'expected a duration such as 250ms, 30s, 5m or 1h' },
      { path: '/policy/retry/attempts', message: expect.stringContaining('>= 1') },
    ]);
    expect(problems(SpokeInput, { kind: 'rest', inbound: { verify: [{ secret: 5 }] } })).toEqual([
      { path: '/inbound/verify/0/scheme', message: 'required' },
      { path: '/inbound/verify/0/secret', message: 'fits none of the allowed forms' },
    ]);
  });

  it('tells forms apart by the field that names them', () => {
    const when = (value: unknown) => problems(closed({ when: AlertWhenInput }), { when: value });
    expect(when({ condition: 'dead', count: 0, share: 1 })).toEqual([
      { path: '/when/share', message: 'unknown field' },
      { path: '/when/count', message: 'must be >= 1' },
    ]);
    expect(when({ condition: 'dead', window: 'soon' })).toEqual([
      { path: '/when/window', message: 'expected a duration such as 250ms, 30s, 5m or 1h' },
    ]);
    expect(when({ condition: 'nope' })).toEqual([{ path: '/when/condition', message: expect.stringContaining('"errorShare"') }]);
    expect(when({})).toEqual([{ path: '/when/condition', message: 'required' }]);
  });

  it('says one thing where several forms were possible or none', () => {
    expect(problems(SessionCreate, {})).toEqual([{ path: '', message: 'fits none of the allowed forms' }]);
    expect(problems(closed({ a: nullable(Type.String()) }), { a: 1 })).toEqual([{ path: '/a', message: 'fits none of the allowed forms' }]);
  });

  it('does not convert or drop anything in bodies', () => {
    expect(problems(closed({ n: Type.Integer() }), { n: '1' })).toEqual([{ path: '/n', message: 'must be integer' }]);
  });
});
