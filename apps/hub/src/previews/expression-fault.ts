/** What is wrong with an expression, in words and with its place, from the detail of an expression error. */

export interface ExpressionFault {
  message: string;
  /** In characters of the expression; null where nobody knows. */
  position: number | null;
}

/** Both ways in which `packages/expressions` tells a place: `(position 7)` when it does not compile, ` at position 7:` when it fails. */
const PLACE = /(?:\(position (\d+)\)$| at position (\d+):)/;

/** @param detail of a HubError `expression.*`, also behind its code as reasons of deliveries have it */
export function expressionFault(detail: string): ExpressionFault {
  const place = PLACE.exec(detail);
  const position = place?.[1] ?? place?.[2];
  return { message: detail.replace(/^expression\.[a-z]+: /, ''), position: position === undefined ? null : Number(position) };
}
