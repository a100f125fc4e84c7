import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';

const run = promisify(execFile);

/** Colours that are distinct after encoding, as ffmpeg writes them after `0x` and browsers after `#`. */
export const colours = { red: 'c03030', green: '30a030', blue: '3040c0', yellow: 'c0c030', magenta: 'c030c0', cyan: '30c0c0', orange: 'e08020', white: 'e0e0e0' } as const;
export type Colour = keyof typeof colours;

/** The nearest colour, or `black`. */
export function nameOf([red = 0, green = 0, blue = 0]: readonly number[]): Colour | 'black' {
  const distances = Object.entries({ ...colours, black: '101010' }).map(([name, hex]) => {
    const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    return { name: name as Colour | 'black', distance: Math.abs(r - red) + Math.abs(g - green) + Math.abs(b - blue) };
  });
  return distances.sort((a, b) => a.distance - b.distance)[0]?.name ?? 'black';
}

/** The colour in the middle of each video of a page. */
export async function coloursIn(page: Page): Promise<(Colour | 'black')[]> {
  const middles = await page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    return [...document.querySelectorAll('video')].map((video) => {
      if (!context || video.videoWidth === 0) return [];
      context.drawImage(video, video.videoWidth / 4, video.videoHeight / 4, video.videoWidth / 2, video.videoHeight / 2, 0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data];
    });
  });
  return middles.map(nameOf);
}

/** The colour that a user sees at a point of an element; the point in parts of its width and height. */
export async function colourAt(element: Locator, { x, y }: { x: number; y: number }): Promise<Colour | 'black'> {
  const image = (await element.screenshot()).toString('base64');
  const pixel = await element.page().evaluate(
    async ({ base64, at }) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      context?.drawImage(bitmap, -Math.floor(at.x * bitmap.width), -Math.floor(at.y * bitmap.height));
      return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
    },
    { base64: image, at: { x, y } },
  );
  return nameOf(pixel);
}

const samplesPerSecond = 5;

/** The colour of a recording at a time, as ffmpeg decodes it. */
export async function recordedColours(playlistUrl: string): Promise<(seconds: number) => Colour | 'black'> {
  const filter = `fps=${samplesPerSecond}:start_time=0,scale=1:1:flags=area,format=rgb24`;
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-copyts', '-i', playlistUrl, '-map', '0:v:0', '-vf', filter, '-f', 'rawvideo', '-'], { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  return (seconds) => nameOf([...stdout.subarray(Math.round(seconds * samplesPerSecond) * 3, Math.round(seconds * samplesPerSecond) * 3 + 3)]);
}
