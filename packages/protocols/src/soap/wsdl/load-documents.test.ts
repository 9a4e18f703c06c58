import { describe, expect, it } from 'vitest';
import { loadFetched, loadUploaded } from './load-documents.ts';
import { readWsdl } from './read-wsdl.ts';
import { resolveLocation } from './resolve-location.ts';

const XSD = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"';
const wsdl = (inner: string) =>
  `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" ${XSD} targetNamespace="urn:w">${inner}</definitions>`;
const schema = (inner: string, ns = ' targetNamespace="urn:s"') => `<xsd:schema ${XSD}${ns}>${inner}</xsd:schema>`;

describe('where imports point', () => {
  it.each([
    '../a.xsd',
    'x/../../a.xsd',
    '%2e%2e/a.xsd',
    '%252e%252e%252fa.xsd',
    '..\\a.xsd',
    'file:///etc/passwd',
    'FILE:/etc/passwd',
    'ftp://x/a',
    'gopher://x/a',
    'data:text/xml,<a/>',
    'jar:http://x!/a',
    '//evil.test/a.xsd',
    'http://x.test/a/../b',
    'a b.xsd',
    'a\u0000.xsd',
    '',
  ])('refuses %j', (location) => {
    expect(resolveLocation('http://host.test/dir/main.wsdl', location)).toMatchObject({ ok: false });
    expect(resolveLocation('wsdl', location)).toMatchObject({ ok: false });
  });

  it('stays below the document, or goes where an absolute URL says', () => {
    const at = (location: string) => resolveLocation('http://host.test/dir/main?wsdl', location);
    expect(at('types/a.xsd')).toEqual({ ok: true, location: 'http://host.test/dir/types/a.xsd' });
    expect(at('?xsd=1')).toEqual({ ok: true, location: 'http://host.test/dir/main?xsd=1' });
    expect(at('https://other.test/a.xsd')).toEqual({ ok: true, location: 'https://other.test/a.xsd' });
    expect(resolveLocation('dir/a.xsd', './b.xsd')).toEqual({ ok: true, location: 'dir/b.xsd' });
    expect(resolveLocation('wsdl', '/etc/passwd')).toMatchObject({ ok: false });
  });
});

describe('loading a WSDL', () => {
  it('reads imports and includes once, circular ones too', () => {
    const loaded = loadUploaded(
      wsdl(`<import namespace="urn:w" location="b.wsdl"/><types>${schema('<xsd:include schemaLocation="a.xsd"/>')}</types>`),
      {
        'b.wsdl': wsdl('<import namespace="urn:w" location="b.wsdl"/>'),
        'a.xsd': schema('<xsd:include schemaLocation="c.xsd"/><xsd:include schemaLocation="a.xsd"/>'),
        'c.xsd': schema('<xsd:include schemaLocation="a.xsd"/>', ''),
      },
    );
    expect(loaded).toMatchObject({ ok: true });
    expect(loaded.ok && loaded.documents.definitions).toHaveLength(2);
    // A schema without a namespace of its own takes that of the one including it.
    expect(loaded.ok && loaded.documents.schemas.map(({ targetNamespace }) => targetNamespace)).toEqual(['urn:s', 'urn:s', 'urn:s']);
  });

  it.each([
    ['a document that was not uploaded', '<xsd:include schemaLocation="missing.xsd"/>', 'missing.xsd was not uploaded'],
    ['a document by the name of a prototype', '<xsd:include schemaLocation="constructor"/>', 'constructor was not uploaded'],
    ['a DTD', '<xsd:include schemaLocation="dtd.xsd"/>', 'document type declaration'],
    ['a page', '<xsd:include schemaLocation="page.xsd"/>', 'neither a WSDL 1.1 nor an XML Schema'],
    ['a file', '<xsd:include schemaLocation="file:///etc/passwd"/>', 'scheme other than http'],
  ])('refuses %s', (_what, inner, reason) => {
    const documents = { 'dtd.xsd': `<!DOCTYPE a>${schema('')}`, 'page.xsd': '<html/>' };
    const loaded = loadUploaded(wsdl(`<types>${schema(inner)}</types>`), documents);
    expect(loaded).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('says of WSDL 2.0 what it is', () => {
    expect(loadUploaded('<description xmlns="http://www.w3.org/ns/wsdl"/>')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('WSDL 2.0'),
    });
  });

  it('is bounded in documents, characters and depth', async () => {
    let fetched = 0;
    const endless = async () => ({ ok: true, text: wsdl(`<import namespace="urn:w" location="n${++fetched}.wsdl"/>`) }) as const;
    expect(await loadFetched('http://h.test/w', endless, { depthMax: 5 })).toMatchObject({
      ok: false,
      reason: 'imports nested deeper than 5',
    });
    expect(fetched).toBe(6);
    const wide = Array.from({ length: 30 }, (_, index) => `<import namespace="urn:w" location="n${index}.wsdl"/>`).join('');
    const many = async () => ({ ok: true, text: wsdl(wide) }) as const;
    expect(await loadFetched('http://h.test/w', many, { documentsMax: 10 })).toMatchObject({
      ok: false,
      reason: 'a WSDL of more than 10 documents',
    });
    expect(await loadFetched('http://h.test/w', many, { charactersMax: 100 })).toMatchObject({ ok: false });
  });

  it('asks for http and https URLs only, whatever a document names', async () => {
    const asked: string[] = [];
    const fetchDocument = async (url: string) => {
      asked.push(url);
      return {
        ok: true,
        text: wsdl(
          asked.length === 1 ? '<import namespace="a" location="https://other.test/b.wsdl"/><import namespace="a" location="c.wsdl"/>' : '',
        ),
      } as const;
    };
    await loadFetched('http://h.test/dir/w?wsdl', fetchDocument);
    expect(asked).toEqual(['http://h.test/dir/w?wsdl', 'https://other.test/b.wsdl', 'http://h.test/dir/c.wsdl']);
  });

  it('has a reason for a WSDL without a SOAP port', () => {
    const loaded = loadUploaded(wsdl(''));
    expect(loaded.ok && readWsdl(loaded.documents)).toMatchObject({ ok: false, reason: 'the WSDL has no port that speaks SOAP over HTTP' });
  });
});
