import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard.ts';

const HUB = { host: '127.0.0.1', port: 7070 };
const FORBID = [HUB, { host: 'db.internal', port: 5432 }, { host: '10.1.1.1', port: 6379 }];
const guard = (allow: string[], forbid: { host: string; port: number }[] = FORBID) => createAddressGuard({ allow, forbid });
const reaches = (allow: string[], host: string, port = 443, addresses: string[] = [host.replace(/[[\]]/g, '')]) =>
  guard(allow).check(host, port, addresses).ok;

const PRIVATE = [
  '127.0.0.1',
  '127.255.255.254',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  'fc00::1',
  'fd12:3456::1',
  'fec0::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::10.0.0.1',
  '2002:a00:1::',
  '2606:4700::5efe:10.0.0.1',
];
const SPECIAL = [
  '0.0.0.0',
  '0.1.2.3',
  '::',
  '224.0.0.1',
  '239.1.1.1',
  'ff02::1',
  '255.255.255.255',
  '240.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '192.0.0.1',
  '2001:db8::1',
  '2001::1',
  '100::1',
  '64:ff9b:1::10.0.0.1',
  '::a00:1',
  '::ffff:0:10.0.0.1',
  '64:ff9b::224.0.0.1',
];
const NEVER = [
  '169.254.169.254',
  '169.254.0.1',
  '169.254.170.2',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '::ffff:169.254.169.254',
  '64:ff9b::169.254.169.254',
  '2002:a9fe:a9fe::1',
  '::169.254.169.254',
  '2001:db8::5efe:a9fe:a9fe',
  '64:ff9b:1:a9fe:a9:fe00::',
];
const PUBLIC = ['93.184.216.34', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '64:ff9b::1.1.1.1', '2002:101:101::1'];

describe('without an allow list', () => {
  it.each(PUBLIC)('reaches %s', (address) => expect(reaches([], address)).toBe(true));
  it.each([...PRIVATE, ...SPECIAL, ...NEVER])('does not reach %s', (address) => expect(reaches([], address)).toBe(false));
});

describe('with *', () => {
  it.each([...PUBLIC, ...PRIVATE])('reaches %s', (address) => expect(reaches(['*'], address)).toBe(true));
  it.each([...SPECIAL, ...NEVER])('does not reach %s', (address) => expect(reaches(['*'], address)).toBe(false));
});

it.each(NEVER)('never reaches %s, however it is allowed', (address) => {
  expect(reaches(['*', '0.0.0.0/0', '::/0', 'metadata.internal', address.replace(/%.*/, '')], 'metadata.internal', 80, [address])).toBe(
    false,
  );
});

describe('allowed entries', () => {
  it('open a network, an address, a host and a host with its port', () => {
    expect(reaches(['10.0.0.0/8'], '10.9.9.9')).toBe(true);
    expect(reaches(['10.0.0.0/8'], '192.168.1.1')).toBe(false);
    expect(reaches(['::1'], '[::1]', 80)).toBe(true);
    expect(reaches(['127.0.0.1:9001'], '127.0.0.1', 9001)).toBe(true);
    expect(reaches(['127.0.0.1:9001'], 'localhost', 9001, ['127.0.0.1'])).toBe(true);
    expect(reaches(['127.0.0.1:9001'], '127.0.0.1', 9002)).toBe(false);
    expect(reaches(['[::1]:9001'], '[::1]', 9001)).toBe(true);
    expect(reaches(['erp.internal'], 'ERP.internal.', 80, ['10.0.0.1'])).toBe(true);
    expect(reaches(['erp.internal:80'], 'erp.internal', 81, ['10.0.0.1'])).toBe(false);
    expect(reaches(['erp.internal'], 'evil-erp.internal', 80, ['10.0.0.1'])).toBe(false);
    expect(reaches(['erp.internal'], 'evil.example', 80, ['10.0.0.1'])).toBe(false);
  });

  it('open what embeds an allowed IPv4 address', () => {
    expect(reaches(['10.0.0.0/8'], '::ffff:10.0.0.1')).toBe(true);
    expect(reaches(['10.0.0.0/8'], '64:ff9b::10.0.0.1')).toBe(true);
    expect(reaches(['::ffff:10.0.0.0/104'], '10.0.0.1')).toBe(true);
  });

  it('open special addresses only when they are named', () => {
    expect(reaches(['192.0.2.0/24'], '192.0.2.1')).toBe(true);
    expect(reaches(['127.0.0.0/8'], '0.0.0.0')).toBe(false);
  });
});

describe('what is the hub’s own', () => {
  const everything = ['*', '0.0.0.0/0', '::/0', '127.0.0.1', 'localhost', 'db.internal', '10.1.1.1'];

  it.each([
    ['127.0.0.1', 7070, '127.0.0.1'],
    ['localhost', 7070, '127.0.0.1'],
    ['localhost', 7070, '::1'],
    ['anything.example', 7070, '127.8.8.8'],
    ['anything.example', 7070, '0.0.0.0'],
    ['anything.example', 7070, '::'],
    ['anything.example', 7070, '::ffff:127.0.0.1'],
    ['anything.example', 7070, '64:ff9b::127.0.0.1'],
    ['db.internal', 5432, '10.0.0.9'],
    ['DB.internal.', 5432, '10.0.0.9'],
    ['anything.example', 6379, '10.1.1.1'],
    ['anything.example', 6379, '::ffff:10.1.1.1'],
    ['anything.example', 6379, '2002:a01:101::1'],
  ])('is never reached: %s:%i at %s', (host, port, address) => {
    expect(reaches(everything, host, port, [address])).toBe(false);
  });

  it('keeps its other ports reachable', () => {
    expect(reaches(everything, '127.0.0.1', 7071)).toBe(true);
    expect(reaches(everything, '10.1.1.1', 80)).toBe(true);
  });

  it('covers loopback when it listens everywhere or on localhost', () => {
    for (const host of ['0.0.0.0', '::', '[::]', 'localhost', '::1']) {
      const own = guard(['*'], [{ host, port: 7070 }]);
      for (const address of ['127.0.0.1', '::1']) expect(own.check('x.example', 7070, [address]).ok).toBe(false);
    }
  });
});

describe('results of a lookup', () => {
  it('keep only the addresses that may be reached', () => {
    expect(guard([]).check('x.example', 443, ['10.0.0.1', '1.1.1.1', '169.254.169.254'])).toEqual({ ok: true, addresses: ['1.1.1.1'] });
  });

  it('refuse names without an address, nonsense and impossible ports', () => {
    expect(guard(['*']).check('x.example', 443, [])).toMatchObject({ ok: false });
    for (const address of ['', 'x', '127.1', '0177.0.0.1', '2130706433', '0x7f000001', '1.2.3.4.5', '::1::'])
      expect(guard(['*', '0.0.0.0/0']).check('x.example', 443, [address]).ok).toBe(false);
    for (const port of [0, -1, 65_536, 1.5, Number.NaN]) expect(guard(['*']).check('x.example', port, ['1.1.1.1']).ok).toBe(false);
  });
});

describe('for all addresses', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const ipv4 = fc.tuple(octet, octet, octet, octet);
  const hex = ([a, b, c, d]: readonly number[]) =>
    `${(((a ?? 0) << 8) | (b ?? 0)).toString(16)}:${(((c ?? 0) << 8) | (d ?? 0)).toString(16)}`;

  it('an IPv4 address in its IPv6 wrapping is judged like itself, under any allow list', () => {
    fc.assert(
      fc.property(ipv4, fc.subarray(['*', '10.0.0.0/8', '127.0.0.1:443', '224.0.0.0/4']), (octets, allow) => {
        const address = octets.join('.');
        expect(reaches(allow, 'x.example', 443, [`::ffff:${hex(octets)}`])).toBe(reaches(allow, 'x.example', 443, [address]));
      }),
    );
  });

  it('no gateway or tunnel form reaches what its IPv4 address may not', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          ipv4,
          ipv4.map(([, , c, d]) => [169, 254, c, d]),
          ipv4.map(([, b, c, d]) => [10, b, c, d]),
        ),
        (octets) => {
          if (reaches(['*'], 'x.example', 443, [octets.join('.')]) && reaches([], 'x.example', 443, [octets.join('.')])) return;
          for (const form of [
            `64:ff9b::${hex(octets)}`,
            `2002:${hex(octets)}::1`,
            `::${hex(octets)}`,
            `::ffff:0:${hex(octets)}`,
            `2606::5efe:${hex(octets)}`,
          ])
            expect(reaches([], 'x.example', 443, [form])).toBe(false);
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer(),
        fc.array(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV4Extended())),
        fc.array(fc.string()),
        (host, port, list, allow) => {
          const verdict = createAddressGuard({ allow, forbid: [{ host, port }] }).check(host, port, list);
          expect(typeof verdict.ok).toBe('boolean');
        },
      ),
    );
  });
});
