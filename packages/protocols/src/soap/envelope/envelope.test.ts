import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packMtom, unpackMtom } from '../mime/mtom.ts';
import { readMultipart, writeMultipart } from '../mime/multipart.ts';
import { SOAP11_NS, SOAP12_NS, WSSE_NS } from '../xml/namespaces.ts';
import { readXml } from '../xml/read-xml.ts';
import { childElements, element, textOf, type XmlElement } from '../xml/xml-element.ts';
import { inlineReferences } from './inline-references.ts';
import { readEnvelope, writeEnvelope } from './soap-envelope.ts';
import { describeFault, faultElement, faultOf, matchesFault, outcomeOfFault, type SoapFault } from './soap-fault.ts';

function bodyOf(inner: string): readonly XmlElement[] {
  const read = readXml(`<b xmlns:e="http://schemas.xmlsoap.org/soap/encoding/">${inner}</b>`);
  return read.ok ? childElements(read.root) : [];
}

describe('envelopes', () => {
  it.each(['1.1', '1.2'] as const)('are read as they were written (%s)', (version) => {
    const envelope = { version, headers: [element('{urn:h}a', ['1'])], body: [element('{urn:b}c', [])] };
    expect(readEnvelope(writeEnvelope(envelope))).toMatchObject({
      ok: true,
      envelope: { version, headers: [{ local: 'a' }], body: [{ ns: 'urn:b' }] },
    });
  });

  it.each(['<Envelope/>', `<e:Envelope xmlns:e="${SOAP11_NS}"/>`, `<e:Body xmlns:e="${SOAP11_NS}"/>`, '<html/>'])('are not %s', (text) =>
    expect(readEnvelope(text)).toMatchObject({ ok: false }),
  );
});

describe('faults', () => {
  const fault = (code: string, subcodes: string[] = []): SoapFault => ({ code, subcodes, reason: 'because', actor: null, detail: null });

  it.each(['1.1', '1.2'] as const)('are read as they were written (%s)', (version) => {
    const ns = version === '1.1' ? SOAP11_NS : SOAP12_NS;
    const said: SoapFault = {
      code: `{${ns}}${version === '1.1' ? 'Client' : 'Sender'}`,
      subcodes: version === '1.1' ? [] : ['{urn:x}A', '{urn:x}B'],
      reason: 'no <luck>',
      actor: 'urn:node',
      detail: element('detail', [element('{urn:x}why', ['1'])]),
    };
    const read = readEnvelope(writeEnvelope({ version, headers: [], body: [faultElement(version, said)] }));
    const found = read.ok ? faultOf(read.envelope) : null;
    expect(found).toMatchObject({ code: said.code, subcodes: said.subcodes, reason: said.reason, actor: said.actor });
    expect(found?.detail && childElements(found.detail)).toMatchObject([{ ns: 'urn:x', local: 'why' }]);
  });

  it.each([
    [`{${SOAP11_NS}}Client`, 500, 'rejected'],
    [`{${SOAP11_NS}}Client.Authentication`, 500, 'rejected'],
    [`{${SOAP12_NS}}Sender`, 400, 'rejected'],
    [`{${SOAP11_NS}}Server`, 500, 'fault'],
    [`{${SOAP12_NS}}Receiver`, 500, 'fault'],
    [`{${SOAP11_NS}}MustUnderstand`, 500, 'rejected'],
    [`{${SOAP11_NS}}VersionMismatch`, 500, 'rejected'],
    [`{${WSSE_NS}}FailedAuthentication`, 500, 'rejected'],
    ['E42', 500, 'fault'],
    ['E42', 200, 'rejected'],
    ['', 500, 'fault'],
  ])('%s with status %i are %s', (code, status, kind) => expect(outcomeOfFault(fault(code), status, {})).toBe(kind));

  it('are judged by lists first, refusals before retries', () => {
    const busy = fault(`{${SOAP12_NS}}Sender`, ['{urn:x}Busy']);
    expect(outcomeOfFault(busy, 400, { retryFaults: ['busy'] })).toBe('fault');
    expect(outcomeOfFault(busy, 400, { retryFaults: ['busy'], rejectFaults: ['{urn:x}Busy'] })).toBe('rejected');
    expect(matchesFault(fault('Server.Busy'), ['Server'])).toBe(false);
  });

  it('are one line, whatever they say', () => {
    expect(describeFault({ ...fault('Client'), reason: `a\r\n\tb${'x'.repeat(1_000)}` })).toMatch(/^Client: a bx{1,400}$/);
    expect(describeFault(fault(''))).toBe('without a code: because');
  });
});

describe('values that stand apart', () => {
  it('are put where they are meant', () => {
    const inlined = inlineReferences(bodyOf('<r><a href="#1"/><b href="#1"/></r><multiRef id="1" e:root="0"><x>1</x></multiRef>'));
    expect(inlined.ok && inlined.body).toHaveLength(1);
    expect(
      inlined.ok && childElements(inlined.body[0] ?? element('x')).map((child) => [child.local, textOf(childElements(child)[0] ?? child)]),
    ).toEqual([
      ['a', '1'],
      ['b', '1'],
    ]);
  });

  it('are refused when they are missing, circular, or multiply', () => {
    expect(inlineReferences(bodyOf('<r id="0"><a href="#9"/></r>'))).toMatchObject({ ok: false });
    expect(inlineReferences(bodyOf('<r><a href="#1"/></r><m id="1"><b href="#2"/></m><m id="2"><c href="#1"/></m>'))).toMatchObject({
      ok: false,
      reason: 'references that go in circles',
    });
    const laughs = Array.from({ length: 20 }, (_, index) => `<m id="${index}">${`<l href="#${index + 1}"/>`.repeat(10)}</m>`).join('');
    expect(inlineReferences(bodyOf(`<r><a href="#0"/></r>${laughs}<m id="20">lol</m>`))).toMatchObject({ ok: false });
  });
});

describe('multipart bodies', () => {
  it('give back the parts that were written, and stop at every cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 }), fc.nat(), (bodies, cut) => {
        const parts = bodies.map((body, index) => ({ id: `p${index}@x`, contentType: 'application/octet-stream', body }));
        const { boundary, body } = writeMultipart(parts, 'seed');
        const type = `multipart/related; boundary="${boundary}"; start="<p0@x>"`;
        const read = readMultipart(type, body);
        expect(read.ok && [read.root, ...read.parts].map((part) => [...part.body])).toEqual(bodies.map((each) => [...each]));
        const short = readMultipart(type, body.subarray(0, cut % body.byteLength));
        expect(typeof short.ok).toBe('boolean');
      }),
    );
  });

  it('take no part twice and none that is not there', () => {
    const part = { id: 'a@x', contentType: 'x/y', body: Buffer.from('hi') };
    const include = (id: string) => element('v', [element('{http://www.w3.org/2004/08/xop/include}Include', [], { href: `cid:${id}` })]);
    const one = unpackMtom([element('r', [include('a%40x')])], [part]);
    expect(one.ok && textOf(childElements(one.elements[0] ?? element('x'))[0] ?? element('x'))).toBe('aGk=');
    expect(unpackMtom([element('r', [include('a@x'), include('a@x')])], [part])).toMatchObject({ ok: false });
    expect(unpackMtom([element('r', [include('b@x')])], [part])).toMatchObject({ ok: false });
  });

  it('send the same bytes on every attempt', () => {
    const base64 = Buffer.from('x'.repeat(100)).toString('base64');
    const pack = () => packMtom(`<a>${base64}</a>`, [base64], '1.2', 'urn:a', 'delivery');
    expect(pack()).toEqual(pack());
    expect(pack().contentType).toMatch(
      /^multipart\/related; type="application\/xop\+xml"; start="<root@nave>"; start-info="application\/soap\+xml"; boundary="nave-[0-9a-f]{40}"; action="urn:a"$/,
    );
  });
});
