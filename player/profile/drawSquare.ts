/** Twice the size in which the largest picture is shown; the server makes the sizes that it stores. */
const sidePx = 768;
const quality = 0.92;

/** A square of an image as a file. */
export async function drawSquare(image: HTMLImageElement, { side, xPx, yPx }: { side: number; xPx: number; yPx: number }): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = sidePx;
  canvas.height = sidePx;
  canvas.getContext('2d')?.drawImage(image, xPx - side / 2, yPx - side / 2, side, side, 0, 0, sidePx, sidePx);
  // Safari makes a PNG instead.
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', quality));
  if (!file) throw new Error('the canvas gave no file');
  return file;
}
