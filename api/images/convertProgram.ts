// The program that decodes an image that a person has sent. It runs as a process of its own at the lowest priority: a decoder
// that hangs, crashes or fills the memory ends with it. It reads the image from stdin. To stdout it writes one line of JSON
// (`Conversion`) and then the bytes of the converted images.
import { constants, setPriority } from 'node:os';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import type { OutputInfo } from 'sharp';
import { maxImagePixels } from '../contract/limits.ts';
import { webpQuality } from '../limits.ts';
import type { Conversion } from './conversion.ts';
import type { PixelSize } from './imageSizes.ts';

setPriority(constants.priority.PRIORITY_LOW);
sharp.concurrency(1);
sharp.cache(false);
// Only these formats. Others, like SVG, have decoders that read files or run for ever.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif'].map((format) => `VipsForeignLoad${format}`) });

/** Sizes of the images to make, the largest first. */
const sizes = process.argv.slice(2).map((text): PixelSize => {
  const [widthPx = 0, heightPx = 0] = text.split('x').map(Number);
  return { widthPx, heightPx };
});

async function convert(source: Buffer): Promise<{ result: Conversion; images: Buffer[] }> {
  const refuse = (refusal: Extract<Conversion, { refusal: string }>['refusal']) => ({ result: { refusal }, images: [] });
  const head = await sharp(source, { limitInputPixels: false }).metadata().catch(() => undefined);
  if (!head) return refuse('unsupported');
  if (head.width * head.height > maxImagePixels) return refuse('tooManyPixels');
  const images = await encodeAll(source).catch(() => undefined);
  return images ? { result: { bytes: images.map(({ length }) => length) }, images } : refuse('damaged');
}

/** The image is decoded once; smaller sizes are made from the largest. Metadata, such as the place of a photograph, is left out. */
async function encodeAll(source: Buffer): Promise<Buffer[]> {
  const [largest, ...smaller] = sizes;
  if (!largest) return [];
  const decoded = sharp(source, { limitInputPixels: maxImagePixels, failOn: 'truncated', sequentialRead: true }).autoOrient();
  const pixels = await decoded.resize(largest.widthPx, largest.heightPx, { fit: 'cover' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return Promise.all([largest, ...smaller].map((size) => encode(pixels, size)));
}

function encode({ data, info }: { data: Buffer; info: OutputInfo }, { widthPx, heightPx }: PixelSize): Promise<Buffer> {
  const raw = { width: info.width, height: info.height, channels: info.channels };
  return sharp(data, { raw }).resize(widthPx, heightPx).webp({ quality: webpQuality }).toBuffer();
}

const { result, images } = await convert(await buffer(process.stdin));
process.stdout.write(Buffer.concat([Buffer.from(`${JSON.stringify(result)}\n`), ...images]));
