import { Minus, Plus } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { Button, IconButton } from '../../design/index.ts';
import { formatPercent } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { PdfPage } from './PdfPage.tsx';
import type { PageSize } from './PdfPage.tsx';
import { fitWidth, zoomed } from './zoom.ts';

/** Pages are drawn when they are less than a window away. */
const nearMargin = '100% 0px';

/** All pages below each other, drawn as one scrolls, with zoom and the number of the page. */
export function PdfPages({ document, firstPage }: { document: PDFDocumentProxy; firstPage: PageSize }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(fitWidth);
  const availablePx = useWidth(scroller);
  const { near, current } = useNearPages(scroller, document.numPages, availablePx > 0);
  const widthPx = Math.floor(availablePx * zoom);
  const numbers = Array.from({ length: document.numPages }, (_, index) => index + 1);

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = { '+': zoomed(zoom, 1), '=': zoomed(zoom, 1), '-': zoomed(zoom, -1), '0': fitWidth }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setZoom(next);
  }

  return (
    <div class="pdf" onKeyDown={onKeyDown}>
      <div class="pdf__bar">
        <span class="tabular small quiet" aria-live="polite">
          {text.materials.pdf.pageOf(current, document.numPages)}
        </span>
        <span class="pdf__zoom">
          <IconButton label={text.materials.pdf.smaller} disabled={zoomed(zoom, -1) === zoom} onClick={() => setZoom(zoomed(zoom, -1))}>
            <Minus aria-hidden="true" />
          </IconButton>
          <Button variant="quiet" class="tabular" title={text.materials.pdf.fit} onClick={() => setZoom(fitWidth)}>
            {formatPercent(zoom)}
          </Button>
          <IconButton label={text.materials.pdf.larger} disabled={zoomed(zoom, 1) === zoom} onClick={() => setZoom(zoomed(zoom, 1))}>
            <Plus aria-hidden="true" />
          </IconButton>
        </span>
      </div>
      <div ref={scroller} class="pdf__scroller" tabIndex={0} role="document" aria-label={text.materials.pdf.document}>
        {availablePx > 0 ? numbers.map((number) => <PdfPage key={number} document={document} number={number} widthPx={widthPx} assumed={firstPage} isNear={near.has(number)} />) : null}
      </div>
    </div>
  );
}

/** The width inside an element, in whole pixels; 0 until it is known. */
function useWidth(element: RefObject<HTMLElement>): number {
  const [widthPx, setWidth] = useState(0);
  useEffect(() => {
    const observed = element.current;
    if (!observed) return;
    const measure = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(observed);
      setWidth(Math.floor(observed.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(observed);
    return () => observer.disconnect();
  }, []);
  return widthPx;
}

/** The pages near the window, and the first one that is seen. */
function useNearPages(scroller: RefObject<HTMLElement>, count: number, isLaidOut: boolean): { near: ReadonlySet<number>; current: number } {
  const [near, setNear] = useState<ReadonlySet<number>>(new Set([1]));
  const [seen, setSeen] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => {
    const root = scroller.current;
    if (!root || !isLaidOut) return;
    const collect = (set: (change: (before: ReadonlySet<number>) => ReadonlySet<number>) => void, rootMargin: string) => {
      const observer = new IntersectionObserver((entries) => set((before) => changed(before, entries)), { root, rootMargin });
      for (const page of root.querySelectorAll('[data-page]')) observer.observe(page);
      return () => observer.disconnect();
    };
    const stops = [collect(setNear, nearMargin), collect(setSeen, '-25% 0px -25% 0px')];
    return () => stops.forEach((stop) => stop());
  }, [count, isLaidOut]);
  return { near, current: seen.size === 0 ? 1 : Math.min(...seen) };
}

function changed(before: ReadonlySet<number>, entries: readonly IntersectionObserverEntry[]): ReadonlySet<number> {
  const after = new Set(before);
  for (const { target, isIntersecting } of entries) {
    const number = Number((target as HTMLElement).dataset.page);
    if (isIntersecting) after.add(number);
    else after.delete(number);
  }
  return after;
}
