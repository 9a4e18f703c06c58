/** `.env.example`, made from the variables; a test compares it with the file in the repository. */
import { describe } from './describe.ts';

export function renderEnvExample(): string {
  const blocks = describe().map(({ name, meaning, default: fallback, example }) => {
    const told = meaning.replaceAll('`', '');
    return `# ${told}\n# Default: ${fallback ?? 'not set'}\n#${name}=${example}\n`;
  });
  return `# Settings of Nave. Copy to .env and take out what you need; every one is optional unless it says otherwise.\n# Made by "pnpm docs:write" from packages/config.\n\n${blocks.join('\n')}`;
}
