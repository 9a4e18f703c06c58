import { describe, expect, it } from 'vitest';
import { documentOf, inputOf } from './route-document.ts';
import { placeOf, readYaml, yamlOf } from './route-yaml.ts';

const document = documentOf({
  from: { spoke: 'shop', type: 'order.*' },
  when: 'data.total > 0',
  steps: [{ name: 'invoice', to: 'erp', operation: 'one', input: '{\n  "n": data.id,\n  "note": "a: b # c"\n}\n' }],
});

describe('a route as YAML', () => {
  it('comes back as it was, expressions over several lines too', () => {
    const text = yamlOf(document);
    const read = readYaml(text, document);
    expect('document' in read && inputOf(read.document)).toEqual(inputOf(document));
    expect(text).toContain('input: |');
  });

  it('says where it cannot be read', () => {
    const read = readYaml('from: { spoke: shop\nsteps: [', document);
    expect('broken' in read && read.broken).toMatchObject({ from: expect.any(Number), message: expect.any(String) });
    const bomb = readYaml('a: &a [1]\nb: [*a]', document);
    expect('broken' in bomb).toBe(true);
  });

  it('points to the field that does not belong', () => {
    const text = `${yamlOf(document)}filter: x\n`;
    const read = readYaml(text, document);
    expect('problems' in read && read.problems).toMatchObject([{ path: '/filter', code: 'unknown' }]);
    const place = placeOf(text, '/filter');
    expect(text.slice(place?.from, place?.to)).toBe('filter');
  });

  it('finds fields of steps, and the step where a field is missing', () => {
    const text = yamlOf(document);
    const input = placeOf(text, '/steps/0/input');
    expect(text.slice(input?.from, input?.to)).toBe('input');
    const missing = placeOf(text, '/steps/0/nothing');
    expect(text.slice(missing?.from, missing?.to)).toMatch(/^name: invoice/);
    expect(placeOf(text, '/nowhere')).toBeNull();
  });
});
