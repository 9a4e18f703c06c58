/** What may be told of a server's diagnostic text. It can quote names and values of people, so only the codes and attribute names in it are taken. */

export interface Diagnostic {
  /** Windows error code at the start of Active Directory's texts, eight hex digits, lower case (`0000052d`). */
  windows: string | null;
  /** The sub-code of a refused bind (`data 52e`). */
  data: string | null;
  /** The attribute the server complains about. */
  attribute: string | null;
}

const WINDOWS = /^\s*(?:setup_io: |samldb: |error in module \w+: )?([0-9A-Fa-f]{8}):/;
const WINDOWS_INNER = /\b(0000[0-9A-Fa-f]{4}):/;
const DATA = /\bdata ([0-9a-fA-F]{1,8})\b/;
const ATTRIBUTES = [
  /\bAtt [0-9a-fA-F]+ \(([A-Za-z][A-Za-z0-9-]{0,63})\)/,
  /\b[Aa]ttribute(?: type)? '([A-Za-z][A-Za-z0-9;-]{0,63})'/,
  /^([A-Za-z][A-Za-z0-9;-]{0,63}): (?:value|multiple values|no such|attribute|inappropriate|modify|add|delete|requires)/,
];
const LENGTH_MAX = 2_000;

export const NO_DIAGNOSTIC: Diagnostic = { windows: null, data: null, attribute: null };

/** Reads OpenLDAP's, Samba's and Active Directory's forms; nothing of any other. */
export function readDiagnostic(text: string): Diagnostic {
  const shown = text.slice(0, LENGTH_MAX);
  const windows = WINDOWS.exec(shown) ?? WINDOWS_INNER.exec(shown);
  const attribute = ATTRIBUTES.map((form) => form.exec(shown)?.[1]).find((name) => name !== undefined);
  return { windows: windows?.[1]?.toLowerCase() ?? null, data: DATA.exec(shown)?.[1]?.toLowerCase() ?? null, attribute: attribute ?? null };
}

/** ` (0000052d, attribute mail)`, or nothing. */
export function describeDiagnostic({ windows, data, attribute }: Diagnostic): string {
  const parts = [windows, data === null ? null : `data ${data}`, attribute === null ? null : `attribute ${attribute}`].filter(
    (part) => part !== null,
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
