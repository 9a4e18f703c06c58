/** How the dashboard is built: static files for any modern browser, nothing from a network. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** A hub for `vite dev`; its own key is asked for at the sign-in. */
const HUB = 'http://127.0.0.1:7070';

export default defineConfig(({ command }) => {
  // What is shipped is React's fast build, whatever the shell (or Vitest, which says `test`) calls its environment; Vite would follow that.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return {
    plugins: [react()],
    build: {
      target: 'es2023',
      // Shipped as files only: the Content-Security-Policy forbids what is inlined.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    server: { proxy: { '/api': { target: HUB, changeOrigin: true, headers: { origin: HUB } } } },
  };
});
