/** Reads `WWW-Authenticate` (RFC 9110 section 11.6.1): several challenges may stand in one header, and commas in quotes. */

export interface Challenge {
  /** Lower case. */
  scheme: string;
  /** By lower-case name; quoted strings without quotes and escapes. */
  parameters: ReadonlyMap<string, string>;
}

const SEPARATOR = /[\s,]*/y;
const NAME = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const EQUALS = /[ \t]*=[ \t]*(?![=,\s]|$)/y;
const TOKEN68 = /[ \t]+[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;
const PLAIN = /[^\s,"]+/y;

/** The challenges in the order of the header, which is the server's preference. What cannot be read ends the list. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < header.length) {
    take(SEPARATOR);
    const name = take(NAME)?.[0].toLowerCase();
    if (name === undefined) break;
    if (take(EQUALS) === null) {
      challenges.push({ scheme: name, parameters: new Map() });
      take(TOKEN68);
      continue;
    }
    const quoted = take(QUOTED)?.[1];
    const value = quoted === undefined ? take(PLAIN)?.[0] : quoted.replaceAll(/\\([\s\S])/g, '$1');
    const current = challenges.at(-1);
    if (value === undefined || current === undefined) break;
    // The first of two equal names: a later one could be smuggled in by whoever can add to the header.
    if (!current.parameters.has(name)) current.parameters.set(name, value);
  }
  return challenges;
}
