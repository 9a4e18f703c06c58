import { describe, expect, it } from 'vitest';
import { judgePack } from './judge-pack.ts';
import type { ResponsePack } from './read-response.ts';

const config = { baseUrl: 'https://pohoda.test', ico: '12345678' };

function refusedWith(note: string): ResponsePack {
  const detail = { state: 'error', errno: '113', note, xpath: null, requested: null, produced: null };
  const agenda = { name: 'liquidationWithoutLinkResponse', state: 'error', details: [detail], produced: null, node: {} };
  return { state: 'ok', note: null, ico: '12345678', program: null, item: { state: 'error', note: null, agenda } };
}

describe('a refusal of Pohoda', () => {
  it('is one that passes when the spoke says so, whatever its case and accents', () => {
    const patterns = { ...config, notYetPattern: ['NEBYL nalezen'] };
    expect(judgePack(refusedWith('Záznam nebyl nalezen'), patterns)).toEqual({ kind: 'notYet', note: '113 Záznam nebyl nalezen' });
    expect(judgePack(refusedWith('Záznam je uzamčen'), patterns).kind).toBe('refused');
  });

  it('is final where the spoke says nothing', () => {
    expect(judgePack(refusedWith('Záznam nebyl nalezen'), config).kind).toBe('refused');
  });

  it('is a repeat before it is anything else', () => {
    const patterns = { ...config, notYetPattern: ['existuje'] };
    expect(judgePack(refusedWith('Položka již existuje'), patterns).kind).toBe('duplicate');
  });
});
