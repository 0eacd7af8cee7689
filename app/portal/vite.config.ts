/** How the web map is built: relative addresses, hashed names, nothing inlined, so that a strict CSP and any path prefix work. */
import {defineConfig} from 'vite';

export default defineConfig({
    base: './',
    worker: {format: 'es'},
    build: {
        target: 'es2023',
        assetsInlineLimit: 0,
        modulePreload: {polyfill: false},
        chunkSizeWarningLimit: 1500,
    },
});
