import { describe, expect, it } from 'vitest';
import { isName } from './name.ts';

describe('isName', () => {
  it.each(['a', '0', 'shop', 'a.b-c_d', `a${'x'.repeat(62)}`])('accepts %s', (name) => {
    expect(isName(name)).toBe(true);
  });
  it.each(['', '-a', '.a', 'A', 'a b', 'a/b', 'a\n', 'é', `a${'x'.repeat(63)}`, '__proto__'])('refuses %j', (name) => {
    expect(isName(name)).toBe(false);
  });
});
