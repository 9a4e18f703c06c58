/** Names of spokes, routes and steps. */
export const NAME_PATTERN = '^[a-z0-9][a-z0-9._-]{0,62}$';
const NAME = new RegExp(NAME_PATTERN);

export function isName(text: string): boolean {
  return NAME.test(text);
}
