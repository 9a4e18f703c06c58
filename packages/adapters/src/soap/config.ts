/** The configuration of a `soap` spoke: its WSDL, which port of it, and what the hub has to know of its operations. */
import { EXPECTED_MARK } from '@nave/adapter-kit';
import { HttpTls } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const httpUrl = (description: string) =>
  Type.String({ maxLength: 2_000, pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s@]+$', description, [EXPECTED_MARK]: 'an http or https URL' });
const expression = (description: string) =>
  Type.String({ minLength: 1, maxLength: 20_000, description, [EXPECTED_MARK]: 'a JSONata expression' });
const statuses = (description: string) => Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), { maxItems: 50, description });
const faults = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
    maxItems: 100,
    description: `${description}: codes or subcodes, with or without namespace ({ns}name); case does not count`,
  });
const XML_CHARACTERS_MAX = 4 * 1024 * 1024;
const xml = (description: string) => Type.String({ minLength: 1, maxLength: XML_CHARACTERS_MAX, description });

const SoapHeaders = Type.Record(
  Type.String({ pattern: '^.{1,500}$' }),
  Type.Union([
    expression('Content of the header, over the input'),
    Type.Object({ value: Type.Unknown({ description: 'Content of the header, the same in every message' }) }, closed),
  ]),
  { ...closed, description: 'SOAP headers, by the name of a header of the WSDL or a qualified name ({namespace}name)' },
);

export const SoapOperation = Type.Object(
  {
    operation: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Its name in the WSDL. Omitted: the same' })),
    title: Type.Optional(Type.String({ maxLength: 200 })),
    input: Type.Optional(
      expression(
        'What the message is made of, over the input. Omitted: the input itself. A lookup is asked with the input of the operation it looks up',
      ),
    ),
    idempotent: Type.Optional(
      Type.Union([Type.Literal('always'), Type.Literal('key'), Type.Literal('never')], {
        description:
          'Whether repeating is harmless: always (it reads, or sets what is set), with the same Idempotency-Key (few SOAP services look at it), or never. Omitted: never',
      }),
    ),
    lookup: Type.Optional(Type.String({ description: 'Operation that finds out, from the same input, whether this one was done' })),
    undo: Type.Optional(Type.String({ description: 'Operation that takes this one back' })),
    retryOn: Type.Optional(statuses('HTTP statuses that are retried whatever their class')),
    rejectOn: Type.Optional(statuses('HTTP statuses that are refusals whatever their class')),
    retryFaults: Type.Optional(faults('Faults that are retried, before the ones of the spoke')),
    rejectFaults: Type.Optional(faults('Faults that are refusals, before the ones of the spoke')),
    notFoundFaults: Type.Optional(faults('Faults that say "there is none": the answer is null, for a lookup "not done"')),
    success: Type.Optional(expression('Over { status, headers, body } of an answer that is no fault. Omitted: always')),
    action: Type.Optional(
      Type.String({
        maxLength: 1_000,
        pattern: '^[^"\\r\\n]*$',
        description: 'SOAPAction instead of the one of the WSDL',
        [EXPECTED_MARK]: 'text without quotes',
      }),
    ),
    headers: Type.Optional(SoapHeaders),
    answer: Type.Optional(
      Type.Union([Type.Literal('body'), Type.Literal('envelope')], {
        description: 'What later steps see: the content of the body, or { header, body, attachments }. Omitted: body',
      }),
    ),
  },
  closed,
);

export const SoapConfig = Type.Object(
  {
    wsdl: Type.Object(
      {
        url: Type.Optional(httpUrl('Where the WSDL is; what it imports is fetched from there too')),
        text: Type.Optional(xml('The WSDL itself')),
        documents: Type.Optional(
          Type.Record(Type.String({ pattern: '^.{1,300}$' }), xml('The document'), {
            ...closed,
            description: 'With "text": what it imports and includes, by the location written there',
          }),
        ),
      },
      {
        ...closed,
        description:
          'WSDL 1.1, by "url" or as "text". As text, operations and their schemas are known before the first call, and the system need not be reachable for it',
      },
    ),
    service: Type.Optional(Type.String({ maxLength: 200, description: 'Name of the service. Omitted: the first one that fits' })),
    port: Type.Optional(Type.String({ maxLength: 200, description: 'Name of the port. Omitted: the first one that fits' })),
    version: Type.Optional(
      Type.Union([Type.Literal('1.1'), Type.Literal('1.2')], { description: 'Version of SOAP. Omitted: that of the first port' }),
    ),
    endpoint: Type.Optional(httpUrl('Where messages go. Omitted: the address in the WSDL')),
    operations: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9._-]{0,127}$' }), SoapOperation, {
        ...closed,
        description:
          'What the hub has to know of operations. With an uploaded WSDL those not named here can be used too, as never idempotent',
      }),
    ),
    headers: Type.Optional(SoapHeaders),
    mtom: Type.Optional(
      Type.Object(
        { thresholdBytes: Type.Optional(Type.Integer({ minimum: 64, maximum: 10_485_760, default: 1_024 })) },
        {
          ...closed,
          description:
            'Send base64 values from this size on as binary attachments (MTOM). Omitted: never. Answers with them are always read',
        },
      ),
    ),
    retryFaults: Type.Optional(faults('Faults that are retried, whatever their code means')),
    rejectFaults: Type.Optional(faults('Faults that are refusals, whatever their code means')),
    tls: Type.Optional(HttpTls),
  },
  closed,
);

export type SoapOperation = Static<typeof SoapOperation>;
export type SoapConfig = Static<typeof SoapConfig>;
export type SoapHeaders = Static<typeof SoapHeaders>;
