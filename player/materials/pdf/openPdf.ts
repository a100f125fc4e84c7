// Responsible for opening PDFs with pdf.js. Scripts of a document never run: pdf.js has no sandbox here. Nothing is loaded from
// another site: the worker, character maps, fonts and decoders are files of this one, and links of the document are not followed.
import { getDocument, GlobalWorkerOptions, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

declare const __PDFJS_FILES__: string;

/** Pixels of an image in a PDF: 100 megapixels, a poster at 300 dpi. A larger one is left out, not decoded. */
const maxImagePixels = 100_000_000;

export interface OpenedPdf {
  document: PDFDocumentProxy;
  /** The document contains JavaScript, which does not run. */
  hasScripts: boolean;
  close: () => void;
}

/** Rejects with an exception of pdf.js: see `pdfProblemOf`. */
export async function openPdf(url: string, aborted: AbortSignal): Promise<OpenedPdf> {
  GlobalWorkerOptions.workerSrc = workerUrl;
  const files = __PDFJS_FILES__;
  const loading = getDocument({
    url,
    cMapUrl: `${files}cmaps/`,
    standardFontDataUrl: `${files}standard_fonts/`,
    iccUrl: `${files}iccs/`,
    wasmUrl: `${files}wasm/`,
    // WebAssembly needs a wider content security policy.
    useWasm: false,
    // The server sends the whole file: a signed address works for minutes, and ranges of it would be asked for later.
    disableRange: true,
    disableAutoFetch: true,
    enableXfa: false,
    isOffscreenCanvasSupported: true,
    maxImageSize: maxImagePixels,
    verbosity: VerbosityLevel.ERRORS,
  });
  const close = () => void loading.destroy();
  aborted.addEventListener('abort', close, { once: true });
  const document = await loading.promise;
  return { document, hasScripts: await document.hasJSActions(), close };
}
