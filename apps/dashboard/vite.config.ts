/** How the dashboard is built: static files for any modern browser, nothing from a network. */
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** A hub for `vite dev`; its own key is asked for at the sign-in. */
const HUB = 'http://127.0.0.1:7070';
/** What most pages are made of; the folders in it are what only some need. Of these libraries pages share small pieces, each of which would be a file. */
const isPart = (id: string) => /dashboard\/src\/(?:api|i18n|parts)\/[^/]+$|\/(?:lucide-react|@tanstack\/react-query)\//.test(id);

const EARLY = '/src/early.ts';

/** Names early.ts before all other scripts: a file of its own, as those scripts become one. */
function earlyScript(): Plugin {
  return {
    name: 'early-script',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const built = Object.values(bundle ?? {}).find((chunk) => chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith(EARLY));
        const src = built === undefined ? EARLY : `/${built.fileName}`;
        return [{ tag: 'script', attrs: { type: 'module', crossorigin: true, src }, injectTo: 'head-prepend' }];
      },
    },
  };
}

export default defineConfig(({ command }) => {
  // What is shipped is React's fast build, whatever the shell (or Vitest, which says `test`) calls its environment; Vite would follow that.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return {
    plugins: [react(), earlyScript()],
    build: {
      target: 'es2023',
      // Shipped as files only: the Content-Security-Policy forbids what is inlined.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        input: { index: 'index.html', early: 'src/early.ts' },
        output: {
          // Few files: a browser has six connections to a hub, and fetched forty files before.
          codeSplitting: {
            groups: [
              { name: 'app', tags: ['$initial'], test: (id: string) => !id.endsWith(EARLY), priority: 2 },
              { name: 'parts', test: isPart, minShareCount: 2, priority: 1 },
            ],
          },
        },
      },
    },
    server: { proxy: { '/api': { target: HUB, changeOrigin: true, headers: { origin: HUB } } } },
  };
});
