import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childDn, dnKey, escapeDnValue, formatDn, isSameDn, isWithin, normaliseDn, parseDn, splitDn } from './dn.ts';
import { escapeFilterValue, fillFilter, type LdapFilter, parseFilter } from './filter.ts';

const awkward = fc.string({
  unit: fc.constantFrom(',', '+', '"', '\\', '<', '>', ';', '=', '#', ' ', '\0', '\n', '*', '(', ')', 'a', 'B', 'ž', '😀', '/'),
  maxLength: 20,
});
const attribute = fc.constantFrom('cn', 'ou', 'dc', 'uid', '2.5.4.3', 'employee-Type');
const rdns = fc.array(fc.array(fc.record({ attribute, value: awkward }), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 5 });

describe('distinguished names', () => {
  it('any value survives being written into a name and read again', () => {
    fc.assert(
      fc.property(rdns, (name) => {
        expect(parseDn(formatDn(name))).toEqual(name);
      }),
    );
  });

  it('a value cannot add or end a part of a name', () => {
    fc.assert(
      fc.property(awkward, (value) => {
        const name = `cn=${escapeDnValue(value)},ou=people,dc=x`;
        expect(parseDn(name)).toHaveLength(3);
        expect(splitDn(name)).toEqual({ rdn: [{ attribute: 'cn', value }], parent: 'ou=people,dc=x' });
      }),
    );
  });

  it('reading never throws, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(awkward, fc.string()), (text) => void parseDn(text)));
  });

  it('reads the examples of RFC 4514', () => {
    expect(parseDn('UID=jsmith,DC=example,DC=net')).toHaveLength(3);
    expect(parseDn('OU=Sales+CN=J.  Smith,DC=example,DC=net')?.[0]).toEqual([
      { attribute: 'OU', value: 'Sales' },
      { attribute: 'CN', value: 'J.  Smith' },
    ]);
    expect(parseDn('CN=James \\"Jim\\" Smith\\, III,DC=example')?.[0]?.[0]?.value).toBe('James "Jim" Smith, III');
    expect(parseDn('CN=Before\\0dAfter,DC=example')?.[0]?.[0]?.value).toBe('Before\rAfter');
    expect(parseDn('CN=Lu\\C4\\8Di\\C4\\87')?.[0]?.[0]?.value).toBe('Lučić');
    expect(parseDn('CN=\\ x\\ , DC=y')?.[0]?.[0]?.value).toBe(' x ');
    expect(parseDn('')).toEqual([]);
  });

  it.each(['nothing', 'cn', '=x', 'cn=a\\', 'cn=a\\zz', 'cn=#0401', 'c n=x', 'cn=a,,dc=b', 'cn="x"', 'cn=\\ff'])('refuses %j', (text) => {
    expect(parseDn(text)).toBeNull();
    expect(normaliseDn(text)).toBeNull();
  });

  it('knows spellings of one name, and what lies below it', () => {
    expect(isSameDn('CN=A\\, B, DC=X', 'cn=a\\2c b,dc=x')).toBe(true);
    expect(isSameDn('cn=a,dc=x', 'cn=a,dc=y')).toBe(false);
    expect(isSameDn('nonsense', 'nonsense')).toBe(false);
    expect(isWithin('CN=A,OU=B,DC=X', 'ou=b,dc=x')).toBe(true);
    expect(isWithin('CN=A,OU=B,DC=X', 'ou=c,dc=x')).toBe(false);
    expect(isWithin('DC=X', 'ou=b,dc=x')).toBe(false);
    expect(dnKey('CN=A+OU=B')).toBe(dnKey('ou=b+cn=a'));
    expect(childDn([{ attribute: 'CN', value: 'x, y' }], 'DC=z')).toBe('CN=x\\2c y,DC=z');
  });
});

describe('filters', () => {
  it('a value cannot become syntax', () => {
    fc.assert(
      fc.property(
        awkward.filter((value) => value !== ''),
        (value) => {
          const parsed = parseFilter(fillFilter('(&(objectClass=person)(uid={uid}))', () => value) ?? '');
          const wanted: LdapFilter = {
            kind: 'and',
            filters: [
              { kind: 'equal', attribute: 'objectClass', value: Buffer.from('person') },
              { kind: 'equal', attribute: 'uid', value: Buffer.from(value) },
            ],
          };
          expect(parsed).toEqual({ ok: true, filter: wanted });
        },
      ),
    );
  });

  it('bytes survive being written and read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
        const value = Buffer.from(bytes);
        expect(parseFilter(`(objectGUID=${escapeFilterValue(value)})`)).toEqual({
          ok: true,
          filter: { kind: 'equal', attribute: 'objectGUID', value },
        });
      }),
    );
  });

  it('reading never throws, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(awkward, fc.string()), (text) => void parseFilter(text)));
  });

  it('is not filled when a value is missing', () => {
    expect(fillFilter('(uid={uid})', () => undefined)).toBeNull();
    expect(fillFilter('(uid={uid})', () => '')).toBeNull();
  });

  it.each<[string, string]>([
    ['uid=a', 'equal'],
    ['(uid=*)', 'present'],
    ['(uid=a*b*)', 'substrings'],
    ['(uSNChanged>=5)', 'atLeast'],
    ['(uSNChanged<=5)', 'atMost'],
    ['(cn~=a)', 'approx'],
    ['(userAccountControl:1.2.840.113556.1.4.803:=2)', 'extensible'],
    ['(!(a=b))', 'not'],
    ['(|(a=b)(c=d))', 'or'],
    ['(&)', 'and'],
  ])('reads %s', (text, kind) => {
    expect(parseFilter(text)).toMatchObject({ ok: true, filter: { kind } });
  });

  it.each([
    '',
    '(',
    '(a)',
    '(=b)',
    '(a=b',
    '(a=b))',
    '(a=b)(c=d)',
    '(a=\\zz)',
    '(a=(b)',
    '(!a=b)',
    `${'(!'.repeat(40)}(a=b)${')'.repeat(40)}`,
  ])('refuses %j', (text) => {
    expect(parseFilter(text)).toMatchObject({ ok: false });
  });
});
