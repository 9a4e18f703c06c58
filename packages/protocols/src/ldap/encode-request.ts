/** Writes requests with the codec of `ldapts`, which is loaded when the first connection of a spoke opens and not before. */
import type { Control, Filter } from 'ldapts';
import type { LdapAttribute } from './decode-message.ts';
import type { LdapFilter } from './filter.ts';

export interface LdapChange {
  operation: 'add' | 'delete' | 'replace';
  attribute: string;
  values: readonly Buffer[];
}

export interface SearchRequest {
  op: 'search';
  base: string;
  scope: 'base' | 'one' | 'sub';
  filter: LdapFilter;
  attributes: readonly string[];
  /** 0 = the server's own limit. */
  sizeLimit: number;
  timeLimitS: number;
  page: { size: number; cookie: Buffer } | null;
  /** Object identifiers of further controls, sent as critical and without a value. */
  controls: readonly string[];
}

export type LdapRequest =
  | { op: 'bind'; user: string; password: string }
  | { op: 'bindExternal' }
  | { op: 'add'; dn: string; attributes: readonly LdapAttribute[] }
  | { op: 'modify'; dn: string; changes: readonly LdapChange[] }
  | { op: 'modifyDn'; dn: string; newRdn: string; newSuperior: string | null }
  | { op: 'delete'; dn: string }
  | { op: 'compare'; dn: string; attribute: string; value: string }
  | { op: 'extended'; oid: string; value: Buffer | null }
  | { op: 'unbind' }
  | SearchRequest;

/** The tag that the answer to a request must have. */
export const ANSWER_TAGS: Readonly<Record<Exclude<LdapRequest['op'], 'unbind'>, number>> = {
  ...{ bind: 0x61, bindExternal: 0x61, search: 0x65, modify: 0x67, add: 0x69, delete: 0x6b, modifyDn: 0x6d, compare: 0x6f, extended: 0x78 },
};

export type EncodeRequest = (messageId: number, request: LdapRequest) => Buffer;

let loading: Promise<EncodeRequest> | null = null;

/** The encoder; the vendor package is loaded once. */
export function loadEncoder(): Promise<EncodeRequest> {
  loading ??= import('ldapts').then(encoderOf);
  return loading;
}

function encoderOf(ldapts: typeof import('ldapts')): EncodeRequest {
  function attributeOf({ name, values }: LdapAttribute) {
    return new ldapts.Attribute({ type: name, values: values.map((value) => Buffer.from(value)) });
  }

  function filterOf(filter: LdapFilter): Filter {
    switch (filter.kind) {
      case 'and':
        return new ldapts.AndFilter({ filters: filter.filters.map(filterOf) });
      case 'or':
        return new ldapts.OrFilter({ filters: filter.filters.map(filterOf) });
      case 'not':
        return new ldapts.NotFilter({ filter: filterOf(filter.filter) });
      case 'equal':
        return new ldapts.EqualityFilter({ attribute: filter.attribute, value: filter.value });
      case 'atLeast':
        return new ldapts.GreaterThanEqualsFilter({ attribute: filter.attribute, value: filter.value.toString('utf8') });
      case 'atMost':
        return new ldapts.LessThanEqualsFilter({ attribute: filter.attribute, value: filter.value.toString('utf8') });
      case 'approx':
        return new ldapts.ApproximateFilter({ attribute: filter.attribute, value: filter.value.toString('utf8') });
      case 'present':
        return new ldapts.PresenceFilter({ attribute: filter.attribute });
      case 'substrings': {
        const [initial = '', final = ''] = [filter.initial, filter.final].map((part) => part?.toString('utf8') ?? '');
        return new ldapts.SubstringFilter({
          attribute: filter.attribute,
          initial,
          any: filter.any.map((part) => part.toString('utf8')),
          final,
        });
      }
      case 'extensible':
        return new ldapts.ExtensibleFilter({ matchType: filter.attribute, rule: filter.rule, value: filter.value.toString('utf8') });
    }
  }

  function controlsOf({ page, controls }: SearchRequest): Control[] {
    const plain = controls.map((oid) => new ldapts.Control(oid, { critical: true }));
    if (page === null) return plain;
    return [...plain, new ldapts.PagedResultsControl({ value: { size: page.size, cookie: page.cookie } })];
  }

  return (messageId, request) => {
    switch (request.op) {
      case 'bind':
        return new ldapts.BindRequest({ messageId, dn: request.user, password: request.password }).write();
      case 'bindExternal':
        return new ldapts.BindRequest({ messageId, mechanism: 'EXTERNAL' }).write();
      case 'add':
        return new ldapts.AddRequest({ messageId, dn: request.dn, attributes: request.attributes.map(attributeOf) }).write();
      case 'modify': {
        const changes = request.changes.map(
          ({ operation, attribute, values }) => new ldapts.Change({ operation, modification: attributeOf({ name: attribute, values }) }),
        );
        return new ldapts.ModifyRequest({ messageId, dn: request.dn, changes }).write();
      }
      case 'modifyDn': {
        const { dn, newRdn, newSuperior } = request;
        return new ldapts.ModifyDNRequest({
          messageId,
          dn,
          newRdn,
          deleteOldRdn: true,
          ...(newSuperior === null ? {} : { newSuperior }),
        }).write();
      }
      case 'delete':
        return new ldapts.DeleteRequest({ messageId, dn: request.dn }).write();
      case 'compare':
        return new ldapts.CompareRequest({ messageId, dn: request.dn, attribute: request.attribute, value: request.value }).write();
      case 'extended':
        return new ldapts.ExtendedRequest({
          messageId,
          oid: request.oid,
          ...(request.value === null ? {} : { value: request.value }),
        }).write();
      case 'unbind':
        return new ldapts.UnbindRequest({ messageId }).write();
      case 'search': {
        const { base, scope, sizeLimit, attributes } = request;
        const filter = filterOf(request.filter);
        const controls = controlsOf(request);
        return new ldapts.SearchRequest({
          ...{ messageId, baseDN: base, scope, sizeLimit, timeLimit: request.timeLimitS, filter, controls },
          attributes: [...attributes],
        }).write();
      }
    }
  };
}
