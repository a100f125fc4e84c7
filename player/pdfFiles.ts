import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Plugin } from 'vite';

/** What pdf.js loads for some documents: character maps of CJK fonts, fonts that are not embedded, decoders of rare image formats. */
const wanted = /^(cmaps\/.*\.bcmap|standard_fonts\/.*\.(pfb|ttf)|iccs\/.*\.icc|wasm\/.*_nowasm_fallback\.js)$/;
const publicPath = 'assets/pdfjs';

/** Serves the data files of pdf.js from this site, below `/assets/pdfjs-<version>/`, which the pages find in `__PDFJS_FILES__`. */
export function pdfFiles(): Plugin {
  const packageFile = createRequire(import.meta.url).resolve('pdfjs-dist/package.json');
  const folder = path.dirname(packageFile);
  return {
    name: 'pdf-files',
    config: async () => {
      const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
      return { define: { __PDFJS_FILES__: JSON.stringify(`/${publicPath}-${version}/`) } };
    },
    async generateBundle() {
      const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
      const files = (await readdir(folder, { recursive: true })).map((file) => file.replaceAll(path.sep, '/')).filter((file) => wanted.test(file));
      for (const file of files) this.emitFile({ type: 'asset', fileName: `${publicPath}-${version}/${file}`, source: await readFile(path.join(folder, file)) });
    },
    configureServer: ({ middlewares }) => {
      middlewares.use((request, response, next) => {
        const file = /^\/assets\/pdfjs-[^/]+\/(.+)$/.exec(request.url ?? '')?.[1];
        if (file === undefined || !wanted.test(file)) return next();
        readFile(path.join(folder, file)).then((bytes) => response.end(bytes), next);
      });
    },
  };
}
