/** The schemas of the parts of a spoke, as its form shows them: those of the kind, and those every spoke has, with the defaults of the kind. */
import { InboundInput, type Kind, PolicyInput, type VerifySchemeInfo } from '@nave/api-schema';
import { isJsonObject, type JsonObject, ownValue, propertiesOf } from '../../../parts/schema-form/schema-shape.ts';

/** The defaults of the hub (contract, A spoke); those of the kind go before them. */
const HUB_DEFAULTS: JsonObject = {
  concurrency: 10,
  timeout: '30s',
  retry: { attempts: 10, base: '5s', max: '10h', factor: 4, jitter: true },
  breaker: { failures: 5, cooldown: '30s' },
};

/** Fields of a config that have a section of their own. */
const APART = ['operations', 'polls'];

/** The schema with only these fields, or without them. */
function partOf(schema: unknown, keep: (name: string) => boolean): JsonObject {
  const own = isJsonObject(schema) ? schema : {};
  const required = ownValue(own, 'required');
  return {
    ...own,
    properties: Object.fromEntries(Object.entries(propertiesOf(own)).filter(([name]) => keep(name))),
    ...(Array.isArray(required) ? { required: required.filter((name) => typeof name === 'string' && keep(name)) } : {}),
    // Fields shown elsewhere are not unknown here.
    additionalProperties: true,
  };
}

const isApart = (name: string): boolean => APART.includes(name);

export function connectionSchema(kind: Pick<Kind, 'config'>): JsonObject {
  return partOf(kind.config, (name) => !isApart(name));
}

/** Null where the operations are those of the kind. */
export function operationsSchema(kind: Pick<Kind, 'config'>): JsonObject | null {
  return onlyField(kind.config, 'operations');
}

/** Null where the polls are those of the kind. */
export function pollsSchema(kind: Pick<Kind, 'config'>): JsonObject | null {
  return onlyField(kind.config, 'polls');
}

function onlyField(config: unknown, field: string): JsonObject | null {
  const schema = partOf(config, (name) => name === field);
  return Object.keys(propertiesOf(schema)).length === 0 ? null : schema;
}

export function policySchema({ defaults }: Pick<Kind, 'defaults'>): JsonObject {
  return withDefaults(plain(PolicyInput), merged(HUB_DEFAULTS, defaults));
}

/** Fields of `inbound` that have a section or an editor of their own. */
const INBOUND_APART = ['verify', 'poll'];

/** What most who send need; the rest is rarely set. */
const INBOUND_USUAL = ['type', 'orderingKey', 'keys'];

/** @param words titles and help of fields, in the chosen language */
export function inboundSchema(part: 'usual' | 'rest', words: Readonly<Record<string, { title: string; description: string }>>): JsonObject {
  const schema = partOf(
    plain(InboundInput),
    (name) => !INBOUND_APART.includes(name) && INBOUND_USUAL.includes(name) === (part === 'usual'),
  );
  const properties = Object.entries(propertiesOf(schema)).map(([name, field]) => [
    name,
    isJsonObject(field) ? { ...field, ...words[name] } : field,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

/**
 * `inbound.verify`: one scheme, or several that must all pass.
 * @param value what is there now: its shape decides
 */
export function verifySchema(schemes: readonly VerifySchemeInfo[], value: unknown): JsonObject {
  if (Array.isArray(value)) return { type: 'array', items: variants(schemes, value), minItems: 1, maxItems: 10 };
  return variants(schemes, [value]);
}

function variants(schemes: readonly VerifySchemeInfo[], values: readonly unknown[]): JsonObject {
  return {
    anyOf: schemes.map(({ scheme, title, summary, secretRequired, options }) => {
      const own = isJsonObject(options) ? options : {};
      const value = values.find((each) => ownValue(each, 'scheme') === scheme);
      const rotates = ownValue(value, 'secrets') !== undefined;
      const given = ownValue(own, 'required');
      return {
        type: 'object',
        title,
        description: summary,
        required: [
          'scheme',
          ...(secretRequired ? [rotates ? 'secrets' : 'secret'] : []),
          ...(Array.isArray(given) ? given.filter((name) => typeof name === 'string') : []),
        ],
        properties: {
          scheme: { const: scheme },
          ...(rotates ? { secrets: SECRETS } : takesSecret(scheme, secretRequired) ? { secret: SECRET } : {}),
          ...Object.fromEntries(
            Object.entries(propertiesOf(own)).map(([name, option]) => [name, optionSchema(option, ownValue(value, name))]),
          ),
        },
        additionalProperties: false,
      };
    }),
  };
}

/** A key set takes the place of the secret of a token. */
function takesSecret(scheme: string, required: boolean): boolean {
  return required || scheme === 'jwt';
}

const SECRET: JsonObject = { type: 'string', minLength: 1, maxLength: 65_536, 'x-nave-secret': true };
const SECRETS: JsonObject = {
  type: 'array',
  minItems: 1,
  maxItems: 10,
  items: {
    type: 'object',
    required: ['secret'],
    properties: { secret: SECRET, notAfter: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] } },
    additionalProperties: false,
  },
};

/** Options of several types get the one that fits what is there, else the one that is easiest to write. */
function optionSchema(option: unknown, value: unknown): unknown {
  if (!isJsonObject(option) || !Array.isArray(option['type'])) return option;
  const types = option['type'].filter((type) => typeof type === 'string');
  const type = types.find((one) => typeOf(value) === one) ?? (types.includes('array') ? 'array' : types[0]);
  const rest = type === 'string' || type === 'array' ? { minimum: undefined, maximum: undefined } : { pattern: undefined };
  return Object.fromEntries(Object.entries({ ...option, ...rest, type }).filter(([, each]) => each !== undefined));
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? 'integer' : typeof value;
}

/** `default` of each field that has one, so that the form says what holds when nothing is written. */
function withDefaults(schema: JsonObject, defaults: unknown): JsonObject {
  const properties = propertiesOf(schema);
  if (!isJsonObject(defaults) || Object.keys(properties).length === 0) return schema;
  return {
    ...schema,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, field]) => {
        const value = ownValue(defaults, name);
        if (value === undefined || !isJsonObject(field)) return [name, field];
        if (!isJsonObject(value)) return [name, { ...field, default: value }];
        // A part that may be null has its fields one level deeper.
        const branches = ownValue(field, 'anyOf');
        if (!Array.isArray(branches)) return [name, withDefaults(field, value)];
        return [name, { ...field, anyOf: branches.map((branch) => (isJsonObject(branch) ? withDefaults(branch, value) : branch)) }];
      }),
    ),
  };
}

function merged(base: JsonObject, over: unknown): JsonObject {
  if (!isJsonObject(over)) return base;
  const names = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(
    names.map((name) => {
      const [low, high] = [ownValue(base, name), ownValue(over, name)];
      return [name, isJsonObject(low) && isJsonObject(high) ? merged(low, high) : (high ?? low)];
    }),
  );
}

/** As JSON says it, without what the library keeps beside. */
function plain(schema: unknown): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(schema));
  return isJsonObject(copy) ? copy : {};
}
