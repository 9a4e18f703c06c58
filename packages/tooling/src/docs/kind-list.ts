/** `docs/kinds.md`: every kind of the registry in one place, by family. */
import type { KINDS } from '@nave/adapters';
import { formatDuration } from '@nave/core';

type Kind = (typeof KINDS)[number];

const INTRODUCTION = `# Kinds

<!-- made by "pnpm docs:write" from packages/adapters/src/index.ts -->

What a hub can be connected to. A kind is code for one sort of system, a spoke is one of them with its address and credentials. Each name leads to the page with the set-up on
both sides. How to add one: [adding-a-kind.md](adding-a-kind.md).

Behind an operation is whether repeating it is harmless: \`always\`, with the same idempotency \`key\`, or \`never\`; and the operation that finds out whether it was done (\`?\`) or
takes it back (\`↶\`). Polls fetch events at intervals; a spoke switches them on with \`inbound.poll\`. A spoke of any kind can receive: verification is the recommended scheme first, and the other schemes stay open to it.
`;

/** In the order in which a newcomer looks for them. */
const FAMILIES: readonly (readonly [Kind['family'], string])[] = [
  ['protocol', 'Protocols'],
  ['erp', 'ERP and accounting'],
  ['crm', 'CRM and marketing'],
  ['hr', 'HR, directory and identity'],
  ['payments', 'Payments and finance'],
  ['shop', 'E-commerce'],
  ['shipping', 'Shipping'],
  ['messaging', 'Messaging'],
  ['storage', 'Files and storage'],
  ['other', 'Other'],
];

/** The whole document. */
export function renderKindList(kinds: readonly Kind[]): string {
  const sections = FAMILIES.flatMap(([family, title]) => {
    const members = kinds.filter((kind) => kind.family === family);
    return members.length === 0 ? [] : [`## ${title}\n\n${tableOf(members)}\n`];
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function tableOf(kinds: readonly Kind[]): string {
  const head =
    '| kind | what it is | operations | events | polls | credentials | verification |\n| --- | --- | --- | --- | --- | --- | --- |';
  return [head, ...kinds.map(rowOf)].join('\n');
}

function rowOf(kind: Kind): string {
  const cells = [
    `[\`${kind.kind}\`](${kind.docs})`,
    `**${kind.title}**. ${kind.summary}`,
    operationsOf(kind),
    kind.events.map(({ type }) => `\`${type}\``).join(', ') || 'as sent',
    kind.polls === null
      ? "from the spoke's config"
      : kind.polls.map(({ name, everyMs }) => `\`${name}\` (${formatDuration(everyMs)})`).join(', ') || 'none',
    credentialTypesOf(kind.credentials)
      .map((type) => `\`${type}\``)
      .join(', ') || 'none',
    kind.verify.map((scheme) => `\`${scheme}\``).join(', ') || 'none',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function operationsOf({ operations, delivers }: Kind): string {
  if (!delivers) return 'none, it only sends';
  const texts = operations.map(({ name, idempotent, lookup, undo }) => {
    const marks = [idempotent, ...(lookup === undefined ? [] : [`? ${lookup}`]), ...(undo === undefined ? [] : [`↶ ${undo}`])];
    return `\`${name}\` (${marks.join(', ')})`;
  });
  return texts.join(', ') || "from the spoke's config";
}

/** The values of `type` that a kind's credentials schema tells its branches apart by. */
function credentialTypesOf(schema: object): string[] {
  const branches: unknown = Reflect.get(schema, 'anyOf') ?? [schema];
  if (!Array.isArray(branches)) return [];
  return branches.flatMap((branch) => {
    const type: unknown = Reflect.get(Object(Reflect.get(Object(branch), 'properties')), 'type');
    const value: unknown = Reflect.get(Object(type), 'const');
    return typeof value === 'string' ? [value] : [];
  });
}
