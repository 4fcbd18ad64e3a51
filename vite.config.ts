/** Builds the viewer, src/viewer, into dist/viewer: static files that the gateway serves. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('src/viewer', import.meta.url)),
  // The page itself is served at `/`, all that it loads below `/viewer/`.
  base: '/viewer/',
  build: {
    outDir: fileURLToPath(new URL('dist/viewer', import.meta.url)),
    emptyOutDir: true,
    // Browsers that know `light-dark()`: it would else be written out for those that do not.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy of the gateway allows files of its own only: nothing goes inline.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});
