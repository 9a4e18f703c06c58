import { describe, expect, it } from 'vitest';
import { keyName, keysOf, matchKeys } from './shortcut-keys.ts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('the name of a key', () => {
  it('is the character itself, with Shift in it', () => {
    expect(press('j')).toBe('j');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('G', { shiftKey: true })).toBe('G');
  });

  it('is the same for Ctrl and Cmd', () => {
    expect(press('k', { ctrlKey: true })).toBe('mod+k');
    expect(press('k', { metaKey: true })).toBe('mod+k');
    expect(press('K', { ctrlKey: true, shiftKey: true })).toBe('mod+shift+k');
  });

  it('says Shift for keys without a character', () => {
    expect(press('Enter', { shiftKey: true })).toBe('shift+Enter');
    expect(press('Escape')).toBe('Escape');
    expect(press(' ')).toBe('Space');
  });

  it('takes AltGr for writing, not for a command', () => {
    expect(press('/', { ctrlKey: true, altKey: true })).toBe('/');
  });

  it('is none for a modifier alone', () => {
    expect(press('Shift', { shiftKey: true })).toBeNull();
    expect(press('Control', { ctrlKey: true })).toBeNull();
  });
});

describe('matching keys', () => {
  const known = ['j', 'g m', 'g g', 'm', 'mod+k'];

  it('finds a single key', () => {
    expect(matchKeys('', 'j', known)).toEqual({ match: 'j', waiting: '' });
    expect(matchKeys('', 'mod+k', known)).toEqual({ match: 'mod+k', waiting: '' });
  });

  it('waits for the rest of a sequence, and then finds it', () => {
    expect(matchKeys('', 'g', known)).toEqual({ match: null, waiting: 'g' });
    expect(matchKeys('g', 'm', known)).toEqual({ match: 'g m', waiting: '' });
    expect(matchKeys('g', 'g', known)).toEqual({ match: 'g g', waiting: '' });
  });

  it('takes a key that does not go on for one of its own', () => {
    expect(matchKeys('g', 'j', known)).toEqual({ match: 'j', waiting: '' });
  });

  it('forgets the beginning at a key nobody knows', () => {
    expect(matchKeys('g', 'q', known)).toEqual({ match: null, waiting: '' });
  });
});

it('keys of a sequence are told one by one', () => {
  expect(keysOf('g m')).toEqual(['g', 'm']);
  expect(keysOf('mod+k')).toEqual(['mod+k']);
});
