export interface ImageDimensions {
  widthPx: number;
  heightPx: number;
}

/** A square of an image: its centre in pixels of the image, and how much of the shorter side it shows (1: all, 4: a quarter). */
export interface Crop {
  zoom: number;
  xPx: number;
  yPx: number;
}

export const maxZoom = 4;

/** The largest square in the middle. */
export function centredCrop({ widthPx, heightPx }: ImageDimensions): Crop {
  return { zoom: 1, xPx: widthPx / 2, yPx: heightPx / 2 };
}

/** The side of the square, in pixels of the image. */
export function sideOf({ widthPx, heightPx }: ImageDimensions, { zoom }: Crop): number {
  return Math.min(widthPx, heightPx) / zoom;
}

/** The nearest square that lies inside the image. */
export function insideImage(image: ImageDimensions, { zoom, xPx, yPx }: Crop): Crop {
  const allowed = { zoom: between(1, zoom, maxZoom), xPx, yPx };
  const half = sideOf(image, allowed) / 2;
  return { ...allowed, xPx: between(half, xPx, image.widthPx - half), yPx: between(half, yPx, image.heightPx - half) };
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(least, value), Math.max(least, most));
}
