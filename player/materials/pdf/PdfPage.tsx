import { useEffect, useRef, useState } from 'preact/hooks';
import { TextLayer } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { background } from '../../app/background.ts';
import { text } from '../../text/index.ts';
import { sharpness } from './zoom.ts';

export interface PageSize {
  widthPx: number;
  heightPx: number;
}

interface PdfPageProps {
  document: PDFDocumentProxy;
  /** From 1. */
  number: number;
  /** The width of the page on the screen. */
  widthPx: number;
  /** Until the page is known, it is assumed to be like this. */
  assumed: PageSize;
  /** It is near what is seen. A page far away is not drawn, and its memory is freed. */
  isNear: boolean;
}

/** One page: its drawing, and its text above it, which can be selected and is read by screen readers. */
export function PdfPage({ document, number, widthPx, assumed, isNear }: PdfPageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<PageSize>();
  const shape = size ?? assumed;
  const heightPx = (widthPx * shape.heightPx) / shape.widthPx;

  useEffect(() => {
    if (!isNear) return;
    const stopped = new AbortController();
    const drawn = document.getPage(number).then(async (page) => {
      const natural = page.getViewport({ scale: 1 });
      setSize({ widthPx: natural.width, heightPx: natural.height });
      if (!stopped.signal.aborted && canvas.current && words.current) await draw({ page, canvas: canvas.current, words: words.current, widthPx }, stopped.signal);
    });
    background(drawn);
    return () => {
      stopped.abort();
      // A canvas without size holds no memory.
      if (canvas.current) canvas.current.width = canvas.current.height = 0;
      words.current?.replaceChildren();
    };
  }, [document, number, widthPx, isNear]);

  return (
    <div class="pdf__page" data-page={number} role="group" aria-label={text.materials.pdf.page(number)} style={{ width: `${widthPx}px`, height: `${heightPx}px` }}>
      <canvas ref={canvas} aria-hidden="true" />
      <div ref={words} class="pdf__words" dir="ltr" />
    </div>
  );
}

interface Drawing {
  page: PDFPageProxy;
  canvas: HTMLCanvasElement;
  words: HTMLElement;
  widthPx: number;
}

/** Draws a page and lays its text over it. Stops when it is aborted. */
async function draw({ page, canvas, words, widthPx }: Drawing, aborted: AbortSignal): Promise<void> {
  const scale = widthPx / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale });
  const ratio = sharpness({ widthPx: viewport.width, heightPx: viewport.height, devicePixelRatio });
  canvas.width = Math.floor(viewport.width * ratio);
  canvas.height = Math.floor(viewport.height * ratio);
  const rendering = page.render({ canvas, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
  words.style.setProperty('--total-scale-factor', String(scale));
  const layer = new TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport });
  aborted.addEventListener('abort', () => (rendering.cancel(), layer.cancel()), { once: true });
  await Promise.all([rendering.promise, layer.render()]).catch((error: unknown) => {
    if (!aborted.aborted) throw error;
  });
  if (aborted.aborted) words.replaceChildren();
}
