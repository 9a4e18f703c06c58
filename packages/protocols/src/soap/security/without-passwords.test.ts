import { describe, expect, it } from 'vitest';
import { WSSE_NS } from '../xml/namespaces.ts';
import { withoutPasswords } from './without-passwords.ts';

const around = (inner: string) => `<?xml version="1.0"?>\r\n<e xmlns:w="${WSSE_NS}"><!-- č 😀 -->${inner}<Password>kept</Password></e>`;

describe('an envelope as it is kept', () => {
  it.each([
    ['<w:Password>secret</w:Password>', '<w:Password></w:Password>'],
    ['<w:Password a="&gt;">se&amp;cret</w:Password >', '<w:Password a="&gt;"></w:Password >'],
    ['<w:Password><![CDATA[secret</w:Password>secret]]>secret</w:Password>', '<w:Password></w:Password>'],
    ['<w:Password><!-- secret --><x>secret</x></w:Password>', '<w:Password></w:Password>'],
    ['<w:Password/>', '<w:Password/>'],
    [`<Password xmlns="${WSSE_NS}">secret</Password>`, `<Password xmlns="${WSSE_NS}"></Password>`],
    ['<w:Password>secret</w:Password>😀<w:Password>secret</w:Password>', '<w:Password></w:Password>😀<w:Password></w:Password>'],
  ])('has lost its passwords and nothing else: %s', (given, kept) => {
    expect(withoutPasswords(around(given))).toBe(around(kept));
  });

  it('is the very same text without WS-Security', () => {
    expect(withoutPasswords('<e><Password>x</Password></e>')).toBe('<e><Password>x</Password></e>');
  });
});
