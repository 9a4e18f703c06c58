import { unicodePwd } from '@nave/protocols';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDisabled, readControl, withBits, withoutBits } from './account-control.ts';
import type { ActiveDirectoryConfig } from './config.ts';
import { fileTimeOf, fileTimeOfDate, msOfFileTime } from './file-time.ts';
import { mapAttributes } from './map-attributes.ts';
import { guidBytes, guidText } from './object-guid.ts';
import { randomPassword } from './passwords.ts';

describe('values as Windows writes them', () => {
  it('times: the published example, never, and every millisecond there and back', () => {
    expect(fileTimeOf(Date.parse('2023-11-14T22:13:20Z'))).toBe('133444736000000000');
    expect(msOfFileTime('133444736000000000')).toBe(Date.parse('2023-11-14T22:13:20Z'));
    expect(msOfFileTime('0')).toBeNull();
    expect(msOfFileTime('9223372036854775807')).toBeNull();
    expect(msOfFileTime('soon')).toBeNull();
    fc.assert(fc.property(fc.integer({ min: 1, max: 4_000_000_000_000 }), (ms) => msOfFileTime(fileTimeOf(ms)) === ms));
  });

  it('dates expire at their end, timestamps when they say', () => {
    expect(msOfFileTime(fileTimeOfDate('2026-12-31') ?? '')).toBe(Date.parse('2026-12-31T23:59:59Z'));
    expect(msOfFileTime(fileTimeOfDate('2026-12-31T10:00:00+02:00') ?? '')).toBe(Date.parse('2026-12-31T08:00:00Z'));
    for (const text of ['31.12.2026', '2026-13-01', 'tomorrow', '']) expect(fileTimeOfDate(text)).toBeNull();
  });

  it('GUIDs: three groups are turned round, two are not', () => {
    const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    expect(guidText(bytes)).toBe('33221100-5544-7766-8899-aabbccddeeff');
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (raw) => guidBytes(guidText(Buffer.from(raw)) ?? '')?.equals(Buffer.from(raw)) === true,
      ),
    );
    expect(guidBytes('{33221100-5544-7766-8899-aabbccddeeff}')).toEqual(bytes);
    expect(guidBytes('nonsense')).toBeNull();
    expect(guidText(Buffer.alloc(15))).toBeNull();
  });

  it('account control: one bit changes, all others stay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fffffff }), (control) => {
        const disabled = withBits(control, 2);
        expect(isDisabled(disabled)).toBe(true);
        expect(disabled & ~2).toBe(control & ~2);
        expect(withoutBits(disabled, 2)).toBe(control & ~2);
      }),
    );
    expect([readControl('514'), readControl(null), readControl('x')]).toEqual([514, null, null]);
  });

  it('passwords are sent in quotes, two bytes a character', () => {
    expect(unicodePwd('aŽ')).toEqual(Buffer.from([0x22, 0, 0x61, 0, 0x7d, 0x01, 0x22, 0]));
  });

  it('random passwords have their length, all four kinds of characters, and differ', () => {
    const made = Array.from({ length: 200 }, () => randomPassword(20));
    for (const password of made) {
      expect(password).toHaveLength(20);
      for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/]) expect(password).toMatch(kind);
    }
    expect(new Set(made).size).toBe(200);
  });
});

describe('the mapping table', () => {
  const config: ActiveDirectoryConfig = {
    ...{ url: 'ldaps://dc', baseDn: 'DC=x', accounts: { container: 'DC=x' } },
    attributes: [
      { from: 'name.first', to: 'givenName' },
      { from: 'code', to: 'department', transform: 'upper' },
      { from: 'mail', to: 'mail', transform: 'lower' },
      { from: 'until', to: 'accountExpires', transform: 'expiry' },
    ],
  };

  it('maps what is there, removes what is null, and leaves the rest alone', () => {
    expect(mapAttributes(config, { name: { first: ' Anna ' }, code: 'it', mail: null, until: null })).toEqual({
      ok: true,
      value: [
        { attribute: 'givenName', value: 'Anna' },
        { attribute: 'department', value: 'IT' },
        { attribute: 'mail', value: null },
        { attribute: 'accountExpires', value: '0' },
      ],
    });
    expect(mapAttributes(config, {})).toEqual({ ok: true, value: [] });
  });

  it.each([{ name: { first: { x: 1 } } }, { until: 'never ever' }, { code: 'x'.repeat(5_000) }, { code: 'a\0b' }])(
    'refuses %j without quoting it',
    (input) => {
      const mapped = mapAttributes(config, input);
      expect(mapped).toMatchObject({ ok: false, failure: { kind: 'invalid' } });
      expect(JSON.stringify(mapped)).not.toContain('never ever');
    },
  );
});
