/** The options of the configurable HMAC: declared once, read with their defaults. */
import { headerOption, textOption } from './read-options.ts';
import type { OptionsSchema } from './scheme-definition.ts';
import { durationOption, type TimestampUnit, TOLERANCE_MS, TOLERANCE_OPTION } from './tolerance.ts';

const ALGORITHMS = ['sha256', 'sha1', 'sha384', 'sha512'] as const;
const ENCODINGS = ['hex', 'base64', 'base64url'] as const;
const SECRET_ENCODINGS = ['utf8', 'hex', 'base64'] as const;
const UNITS = ['s', 'ms', 'rfc3339'] as const satisfies readonly TimestampUnit[];
const HEADER_NAME = { type: 'string', pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", maxLength: 100 } as const;

export const HMAC_OPTIONS: OptionsSchema = {
  type: 'object',
  properties: {
    header: { ...HEADER_NAME, description: 'Header with the signature.' },
    algorithm: { type: 'string', description: 'Hash of the HMAC.', enum: ALGORITHMS, default: 'sha256' },
    encoding: { type: 'string', description: 'How the signature is written.', enum: ENCODINGS, default: 'hex' },
    prefix: { type: 'string', description: 'Text before the signature, such as "sha256=".', minLength: 0, maxLength: 50, default: '' },
    signed: { type: 'string', description: 'What is signed, such as "{timestamp}.{body}".', maxLength: 500, default: '{body}' },
    secretEncoding: { type: 'string', description: 'How the secret is written.', enum: SECRET_ENCODINGS, default: 'utf8' },
    timestampHeader: { ...HEADER_NAME, description: 'Header with the time of sending.' },
    timestampUnit: { type: 'string', description: 'How the time is written.', enum: UNITS, default: 's' },
    tolerance: TOLERANCE_OPTION,
    idHeader: { ...HEADER_NAME, description: 'Header with an id of the delivery, to recognise repeats.' },
    typeHeader: { ...HEADER_NAME, description: 'Header with the type of the event.' },
  },
  required: ['header'],
  additionalProperties: false,
};

/** The options with their defaults. */
export function readHmacOptions(options: Readonly<Record<string, unknown>>) {
  return {
    header: headerOption(options, 'header') ?? '',
    algorithm: oneOf(ALGORITHMS, options['algorithm'], 'sha256'),
    encoding: oneOf(ENCODINGS, options['encoding'], 'hex'),
    prefix: textOption(options, 'prefix') ?? '',
    signed: textOption(options, 'signed') ?? '{body}',
    secretEncoding: oneOf(SECRET_ENCODINGS, options['secretEncoding'], 'utf8'),
    timestampHeader: headerOption(options, 'timestampHeader'),
    timestampUnit: oneOf(UNITS, options['timestampUnit'], 's'),
    toleranceMs: durationOption(options['tolerance'], TOLERANCE_MS),
    idHeader: headerOption(options, 'idHeader'),
    typeHeader: headerOption(options, 'typeHeader'),
  };
}

/** The key bytes of a secret, or null when it is not written in that encoding. */
export function hmacKey(secret: string, encoding: (typeof SECRET_ENCODINGS)[number]): Uint8Array | null {
  if (encoding === 'hex' && !/^(?:[0-9a-fA-F]{2})+$/.test(secret)) return null;
  if (encoding === 'base64' && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(secret)) return null;
  return Buffer.from(secret, encoding);
}

function oneOf<Choice extends string>(choices: readonly Choice[], value: unknown, otherwise: Choice): Choice {
  return choices.find((choice) => choice === value) ?? otherwise;
}
