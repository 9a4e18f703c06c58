import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from '../xml/read-xml.ts';
import { writeXml } from '../xml/write-xml.ts';
import type { XmlElement } from '../xml/xml-element.ts';
import { ANY_TYPE } from './builtin-types.ts';
import { decodeElement } from './decode-value.ts';
import { encodeElement } from './encode-value.ts';
import { readSchemas } from './read-schemas.ts';
import { SchemaView } from './schema-view.ts';
import { ValueProblem } from './value-problem.ts';

const NS = 'urn:t';

function parsed(text: string): XmlElement {
  const read = readXml(text);
  if (!read.ok) throw new Error(read.reason);
  return read.root;
}

function viewOf(content: string, attributes = 'elementFormDefault="qualified"'): SchemaView {
  const schema = parsed(
    `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:t="${NS}" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" targetNamespace="${NS}" ${attributes}>${content}</xsd:schema>`,
  );
  return new SchemaView(readSchemas([{ schema, targetNamespace: NS }]));
}

/** JSON to XML text and back, by the element `t:root`. */
function roundTrip(view: SchemaView, value: unknown, rules: '1.1' | '1.2' | null = null): unknown {
  const declaration = view.element(`{${NS}}root`);
  if (!declaration) throw new Error('no root');
  const written = writeXml(encodeElement(declaration, value, { path: '', depth: 0 }, { view, rules }));
  return decodeElement(parsed(written), declaration.type, view);
}

const KITCHEN_SINK = `
  <xsd:simpleType name="Sizes"><xsd:list itemType="xsd:int"/></xsd:simpleType>
  <xsd:simpleType name="Colour"><xsd:restriction base="xsd:string"><xsd:enumeration value="red"/><xsd:enumeration value="blue"/></xsd:restriction></xsd:simpleType>
  <xsd:group name="Contact"><xsd:choice><xsd:element name="mail" type="xsd:string"/><xsd:sequence><xsd:element name="phone" type="xsd:string"/><xsd:element name="ext" type="xsd:int" minOccurs="0"/></xsd:sequence></xsd:choice></xsd:group>
  <xsd:attributeGroup name="Marks"><xsd:attribute name="lang" type="xsd:string"/><xsd:attribute ref="t:level"/></xsd:attributeGroup>
  <xsd:attribute name="level" type="xsd:int"/>
  <xsd:complexType name="Text"><xsd:simpleContent><xsd:extension base="xsd:string"><xsd:attributeGroup ref="t:Marks"/></xsd:extension></xsd:simpleContent></xsd:complexType>
  <xsd:complexType name="Base"><xsd:sequence><xsd:element name="id" type="xsd:long"/></xsd:sequence><xsd:attribute name="kind" type="t:Colour"/></xsd:complexType>
  <xsd:complexType name="Derived"><xsd:complexContent><xsd:extension base="t:Base"><xsd:sequence><xsd:element name="extra" type="xsd:decimal"/></xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>
  <xsd:complexType name="Tree"><xsd:sequence><xsd:element name="leaf" type="xsd:string"/><xsd:element name="branch" type="t:Tree" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType>
  <xsd:complexType name="Longs"><xsd:complexContent><xsd:restriction base="soapenc:Array"><xsd:attribute ref="soapenc:arrayType" wsdl:arrayType="xsd:long[]"/></xsd:restriction></xsd:complexContent></xsd:complexType>
  <xsd:complexType name="Root"><xsd:sequence>
    <xsd:element name="text" type="xsd:string"/>
    <xsd:element name="nothing" type="xsd:string" nillable="true"/>
    <xsd:element name="flag" type="xsd:boolean" minOccurs="0"/>
    <xsd:element name="small" type="xsd:short" minOccurs="0"/>
    <xsd:element name="real" type="xsd:double" minOccurs="0"/>
    <xsd:element name="amount" type="xsd:decimal" minOccurs="0"/>
    <xsd:element name="when" type="xsd:dateTime" minOccurs="0"/>
    <xsd:element name="bytes" type="xsd:base64Binary" minOccurs="0"/>
    <xsd:element name="name" type="xsd:QName" minOccurs="0"/>
    <xsd:element name="colour" type="t:Colour" minOccurs="0" maxOccurs="3"/>
    <xsd:element name="sizes" type="t:Sizes" minOccurs="0"/>
    <xsd:element name="label" type="t:Text" minOccurs="0" maxOccurs="unbounded"/>
    <xsd:group ref="t:Contact" minOccurs="0"/>
    <xsd:element name="base" type="t:Base" minOccurs="0"/>
    <xsd:element name="tree" type="t:Tree" minOccurs="0"/>
    <xsd:element name="longs" type="t:Longs" minOccurs="0"/>
    <xsd:sequence minOccurs="0" maxOccurs="unbounded"><xsd:element name="key" type="xsd:string"/><xsd:element name="value" type="xsd:int"/></xsd:sequence>
    <xsd:any minOccurs="0" maxOccurs="unbounded"/>
  </xsd:sequence></xsd:complexType>
  <xsd:element name="root" type="t:Root"/>`;

/** Text XML can hold; a carriage return and blanks included. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((each) => !/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(each));
const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arbitrary, { minLength: 1, maxLength: 3 });
const decimal = fc.tuple(fc.bigInt(), fc.nat({ max: 99 })).map(([whole, part]) => `${whole}.${part}`);
const tree = fc.letrec<{ tree: object }>((tie) => ({
  tree: fc.record({ leaf: text, branch: fc.oneof({ maxDepth: 3 }, fc.constant(undefined), some(tie('tree'))) }).map(compact),
})).tree;
const pairs = fc.array(fc.tuple(text, fc.integer({ min: -5, max: 5 })), { minLength: 1, maxLength: 3 });

const root = fc
  .record(
    {
      text,
      nothing: fc.option(text),
      flag: fc.boolean(),
      small: fc.integer({ min: -32_768, max: 32_767 }),
      real: fc.double({ noDefaultInfinity: true, noNaN: true }).map((each) => each + 0),
      amount: decimal,
      when: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((each) => each.toISOString()),
      bytes: fc.uint8Array({ maxLength: 50 }).map((each) => Buffer.from(each).toString('base64')),
      name: fc.constantFrom('{urn:q}a', 'plain'),
      colour: some(fc.constantFrom('red', 'blue')),
      sizes: some(fc.integer({ min: 0, max: 9 })),
      label: some(fc.record({ '@lang': fc.constantFrom('cs', 'en'), [`@{${NS}}level`]: fc.integer({ min: 0, max: 9 }), '#text': text })),
      contact: fc.oneof(fc.record({ mail: text }), fc.record({ phone: text, ext: fc.integer({ min: 0, max: 99 }) })),
      base: fc.oneof(
        fc.record({ id: fc.maxSafeInteger(), '@kind': fc.constantFrom('red', 'blue') }),
        fc.record({ '@xsi:type': fc.constant(`{${NS}}Derived`), id: fc.constant('12345678901234567890'), extra: decimal }),
      ),
      tree,
      longs: fc.array(fc.oneof(fc.maxSafeInteger(), fc.constant(null)), { maxLength: 3 }),
      pairs,
      '#any': some(fc.record({ '{urn:o}thing': fc.record({ a: text.filter((each) => each !== ''), '{}b': fc.constantFrom('x', 'y') }) })),
    },
    { requiredKeys: ['text', 'nothing'] },
  )
  .map(({ contact, pairs: rows, ...rest }) => ({
    ...rest,
    ...contact,
    ...(rows === undefined ? {} : { key: rows.map(([key]) => key), value: rows.map(([, value]) => value) }),
  }));

function compact(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}

describe('JSON to XML to JSON', () => {
  const view = viewOf(KITCHEN_SINK);

  it.each([null, '1.1', '1.2'] as const)('gives back what went in (SOAP encoding: %s)', (rules) => {
    fc.assert(
      fc.property(root, (value) => {
        // Line ends are what XML makes of them: escaped, they survive.
        expect(roundTrip(view, value, rules)).toEqual(compact(value));
      }),
      { numRuns: 60 },
    );
  });

  it('gives back JSON of any shape where the schema allows anything', () => {
    const open = viewOf('<xsd:element name="root" nillable="true"/>');
    const name = fc.constantFrom('a', 'b', '{urn:o}c', '{}d', '@x');
    const leaf = text;
    const value = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        leaf,
        fc.constant(null),
        fc
          .dictionary(name, tie('node'), { minKeys: 1, maxKeys: 3 })
          .map((each) => (typeof each['@x'] === 'string' ? each : without(each, '@x'))),
      ),
    })).node;
    fc.assert(
      fc.property(value, (each) => {
        // Names have one shortest form, which is what reading gives: from there on nothing changes.
        const once = roundTrip(open, each);
        expect(roundTrip(open, once)).toEqual(once);
        expect(leaves(once)).toEqual(leaves(each));
      }),
    );
  });

  it('says of anything that does not fit where and what was expected, and never throws something else', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          roundTrip(view, value);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueProblem);
        }
      }),
    );
  });
});

/** All texts of a value, wherever they stand. */
function leaves(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leaves).toSorted();
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(leaves).toSorted()
    : typeof value === 'string'
      ? [value]
      : [];
}

function without(value: Record<string, unknown>, key: string): unknown {
  const { [key]: _gone, ...rest } = value;
  return Object.keys(rest).length === 0 ? '' : rest;
}

describe('reading', () => {
  it('is tolerant: unknown fields stay, other namespaces are matched by name, broken numbers stay text', () => {
    const view = viewOf(
      '<xsd:element name="root"><xsd:complexType><xsd:sequence><xsd:element name="n" type="xsd:int"/></xsd:sequence></xsd:complexType></xsd:element>',
    );
    const type = view.element(`{${NS}}root`)?.type ?? '';
    const read = (inner: string) => decodeElement(parsed(`<root xmlns="${NS}">${inner}</root>`), type, view);
    expect(read('<n>1</n>')).toEqual({ n: 1 });
    expect(read('<n xmlns="">2</n><new>x</new>')).toEqual({ n: 2, new: 'x' });
    expect(read('<n>one</n>')).toEqual({ n: 'one' });
    expect(read('<__proto__>x</__proto__>')).toEqual(JSON.parse('{"__proto__":"x"}'));
    expect(Object.prototype).not.toHaveProperty('x');
  });

  it('takes members of a substitution group, and derived types of an abstract one', () => {
    const view = viewOf(`
      <xsd:element name="animal" abstract="true" type="xsd:string"/><xsd:element name="cat" substitutionGroup="t:animal" type="xsd:string"/><xsd:element name="dog" substitutionGroup="t:animal" type="xsd:string"/>
      <xsd:element name="root"><xsd:complexType><xsd:sequence><xsd:element ref="t:animal" maxOccurs="2"/></xsd:sequence></xsd:complexType></xsd:element>`);
    expect(roundTrip(view, { dog: ['Rex', 'Bob'] })).toEqual({ dog: ['Rex', 'Bob'] });
    expect(() => roundTrip(view, {})).toThrow('expected one of the fields cat, dog');
  });

  it('stops at types and groups that are circular', () => {
    const view = viewOf(`
      <xsd:group name="G"><xsd:sequence><xsd:group ref="t:G"/></xsd:sequence></xsd:group>
      <xsd:simpleType name="S"><xsd:restriction base="t:S"/></xsd:simpleType>
      <xsd:complexType name="C"><xsd:complexContent><xsd:extension base="t:C"/></xsd:complexContent></xsd:complexType>
      <xsd:complexType name="D"><xsd:sequence><xsd:group ref="t:G"/></xsd:sequence></xsd:complexType>`);
    expect(() => view.type(`{${NS}}C`)).toThrow('circular');
    expect(() => view.type(`{${NS}}D`)).toThrow('circular');
    expect(() => view.textType(`{${NS}}S`)).toThrow('circular');
    expect(view.type(ANY_TYPE)).toEqual({ kind: 'any' });
  });
});
