/** `docs/configuration.md`, made from the variables; a test compares it with the file in the repository. */
import { describe } from './describe.ts';

export function renderConfigurationDoc(): string {
  const rows = describe().map(({ name, meaning, default: fallback, example, secret }) =>
    [`\`${name}\``, `${meaning}${secret ? ' *Secret.*' : ''}`, fallback ?? 'not set', `\`${example}\``].map(cell).join(' | '),
  );
  return `# Configuration

Nave is configured by environment variables; what it integrates (spokes and routes) is configured by its API or a \`nave.yaml\`.
A wrong value stops the start with one line per problem, all at once: variable, shape of the value, what was expected. Values are never printed.
An empty variable counts as unset.

<!-- Made by "pnpm docs:write" from packages/config: change the text there. -->

| variable | meaning | default | example |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
