/** Steps of the zoom: a page as wide as the window is 1. */
const steps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4] as const;

export const fitWidth = 1;

/** The next larger (1) or smaller (-1) step; at the ends it stays. */
export function zoomed(zoom: number, by: 1 | -1): number {
  return by === 1 ? (steps.find((step) => step > zoom + 0.001) ?? zoom) : (steps.findLast((step) => step < zoom - 0.001) ?? zoom);
}

/** Device pixels of a page that is drawn: 16 megapixels, 64 MB. A phone refuses larger canvases. */
const maxCanvasPixels = 16_777_216;

/** Canvas pixels per CSS pixel: as sharp as the screen, unless the page becomes too large. */
export function sharpness({ widthPx, heightPx, devicePixelRatio }: { widthPx: number; heightPx: number; devicePixelRatio: number }): number {
  return Math.min(devicePixelRatio, Math.sqrt(maxCanvasPixels / Math.max(1, widthPx * heightPx)));
}
