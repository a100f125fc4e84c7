import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '#engine/testing';
import { imagePath, maxImageBytes } from '../contract/index.ts';
import { maxWaitingConversions } from '../limits.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { TestApi } from '../testing/index.ts';
import { ImageConverter } from './ImageConverter.ts';
import { imageSizes } from './imageSizes.ts';

type Format = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif';
const [red, blue] = [{ r: 255, g: 0, b: 0 }, { r: 0, g: 0, b: 255 }];

/** 300 × 200: red, with a blue third on the right. */
function picture(): Sharp {
  return sharp({ create: { width: 300, height: 200, channels: 3, background: red } }).composite([{ input: { create: { width: 100, height: 200, channels: 3, background: blue } }, left: 200, top: 0 }]);
}

const bytesOf = async (image: Sharp, format: Format = 'png') => new Uint8Array(await image.toFormat(format).toBuffer());

async function colourAt(webp: Blob, { x, y }: { x: number; y: number }): Promise<number[]> {
  const pixel = sharp(await webp.arrayBuffer()).removeAlpha().extract({ left: x, top: y, width: 1, height: 1 });
  return [...(await pixel.raw().toBuffer())].map((value) => Math.round(value / 32) * 32);
}

async function setAvatar(site: TestApi, body: Uint8Array<ArrayBuffer>) {
  const sam = await site.signup('sam');
  const { avatarId } = await sam.api.setAvatar({ body });
  if (avatarId === null) throw new Error('no avatar was set');
  return { sam, avatarId };
}

describe('an image that a person sends', () => {
  it.each<Format>(['jpeg', 'png', 'webp', 'avif', 'gif'])('may be %s, and is stored as WebP in two sizes', async (format) => {
    const site = await startTestApi();
    const { sam, avatarId } = await setAvatar(site, await bytesOf(picture(), format));
    for (const size of ['small', 'large'] as const) {
      const image = await sam.api.getImage({ params: { imageId: avatarId, size } });
      const { widthPx, heightPx } = imageSizes.avatar[size];
      expect(await sharp(await image.arrayBuffer()).metadata()).toMatchObject({ format: 'webp', width: widthPx, height: heightPx });
      expect(await colourAt(image, { x: 10, y: 10 })).toEqual([256, 0, 0]);
    }
  });

  it('is cropped around its centre', async () => {
    const site = await startTestApi();
    const { sam, avatarId } = await setAvatar(site, await bytesOf(picture()));
    const large = await sam.api.getImage({ params: { imageId: avatarId, size: 'large' } });
    // Of 300 px the middle 200 remain: 150 of red, 50 of blue.
    expect(await colourAt(large, { x: 280, y: 200 })).toEqual([256, 0, 0]);
    expect(await colourAt(large, { x: 296, y: 200 })).toEqual([0, 0, 256]);
  });

  it('is turned as its camera was held, and loses what the camera wrote about it', async () => {
    const site = await startTestApi();
    const exif = { IFD0: { Artist: 'Sam of Room 7' }, IFD3: { GPSLatitude: '52/1 31/1 0/1' } };
    // Orientation 6: the right third of the file is the bottom of the photograph.
    const { sam, avatarId } = await setAvatar(site, new Uint8Array(await picture().withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer()));
    const large = await sam.api.getImage({ params: { imageId: avatarId, size: 'large' } });
    expect([await colourAt(large, { x: 200, y: 376 }), await colourAt(large, { x: 376, y: 200 })]).toEqual([[0, 0, 256], [256, 0, 0]]);
    const { exif: kept, orientation } = await sharp(await large.arrayBuffer()).metadata();
    expect([kept, orientation]).toEqual([undefined, undefined]);
    expect(Buffer.from(await large.arrayBuffer()).includes('Room 7')).toBe(false);
  });

  it('shows the first image of an animation', async () => {
    const site = await startTestApi();
    const frames = await Promise.all([red, blue].map((background) => sharp({ create: { width: 100, height: 100, channels: 3, background } }).png().toBuffer()));
    const { sam, avatarId } = await setAvatar(site, new Uint8Array(await sharp(frames, { join: { animated: true } }).gif().toBuffer()));
    expect(await colourAt(await sam.api.getImage({ params: { imageId: avatarId, size: 'large' } }), { x: 5, y: 5 })).toEqual([256, 0, 0]);
  });
});

describe('what is no usable image', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>';

  it.each([
    ['text', async () => new TextEncoder().encode('%PDF-1.7 no image')],
    ['an SVG', async () => new TextEncoder().encode(svg)],
    ['nothing', async () => new Uint8Array()],
    ['a TIFF', async () => new Uint8Array(await picture().tiff().toBuffer())],
    ['half a JPEG', async () => (await bytesOf(sharp({ create: { width: 600, height: 600, channels: 3, background: red, noise: { type: 'gaussian', mean: 128, sigma: 60 } } }), 'jpeg')).slice(0, 20_000)],
    ['half a PNG', async () => (await bytesOf(sharp({ create: { width: 600, height: 600, channels: 3, background: red, noise: { type: 'gaussian', mean: 128, sigma: 60 } } }))).slice(0, 20_000)],
  ])('is refused: %s', async (_what, make) => {
    const site = await startTestApi();
    const sam = await site.signup('sam');
    expect(await refusal(sam.api.setAvatar({ body: await make() }))).toMatchObject({ code: 'image.unsupported', status: 415 });
    expect(await sam.api.getProfile()).toMatchObject({ avatarId: null });
    expect((await site.store.list('images/')).objects).toEqual([]);
  });

  it('is refused before it is decoded: one with too many pixels in few bytes', async () => {
    const site = await startTestApi();
    const sam = await site.signup('sam');
    const bomb = await bytesOf(sharp({ create: { width: 16_000, height: 4_100, channels: 3, background: red }, limitInputPixels: false }));
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await refusal(sam.api.setAvatar({ body: bomb }))).toMatchObject({ code: 'image.tooManyPixels', status: 413, details: { maxMegapixels: 64 } });
  });

  it('is refused before it is read: one with too many bytes', async () => {
    const site = await startTestApi();
    const sam = await site.signup('sam');
    expect(await refusal(sam.api.setAvatar({ body: new Uint8Array(maxImageBytes + 1) }))).toMatchObject({ code: 'request.tooLarge', status: 413, detail: expect.stringContaining('16 MB') as string });
  });

  it('is refused of a person who is not logged in, whatever it is', async () => {
    const site = await startTestApi();
    expect(await refusal(site.browser().api.setAvatar({ body: new Uint8Array(1000) }))).toMatchObject({ code: 'auth.required' });
  });
});

describe('the address of an image', () => {
  it('is kept by the browser, needs no account, and answers whoever has the image that it is unchanged', async () => {
    const site = await startTestApi();
    const { avatarId } = await setAvatar(site, await bytesOf(picture()));
    const url = `${site.url}${imagePath(avatarId, 'small')}`;
    const first = await fetch(url);
    expect(Object.fromEntries(first.headers)).toMatchObject({ 'content-type': 'image/webp', 'cache-control': 'private, max-age=31536000, immutable', 'x-content-type-options': 'nosniff', 'content-length': String((await first.arrayBuffer()).byteLength) });
    const again = await fetch(url, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, first.headers.get('content-length')]);
  });

  it('stops working when the image is replaced or removed', async () => {
    const site = await startTestApi();
    const { sam, avatarId } = await setAvatar(site, await bytesOf(picture()));
    const next = (await sam.api.setAvatar({ body: await bytesOf(picture(), 'jpeg') })).avatarId;
    expect(next).not.toBe(avatarId);
    expect(await refusal(sam.api.getImage({ params: { imageId: avatarId, size: 'large' } }))).toMatchObject({ code: 'image.notFound', status: 404 });
    expect((await site.store.list('images/')).objects.map(({ key }) => key)).toEqual([`images/${next}/large.webp`, `images/${next}/small.webp`]);
    expect(await sam.api.deleteAvatar()).toMatchObject({ avatarId: null });
    expect((await site.store.list('images/')).objects).toEqual([]);
    expect(await sam.api.deleteAvatar()).toMatchObject({ avatarId: null });
  });

  it('cannot name a file outside the images', async () => {
    const site = await startTestApi();
    for (const path of ['..%2Frecordings/large', 'img_00000000000000000000/..%2Flarge', 'img_00000000000000000000/huge']) {
      expect((await fetch(`${site.url}/api/v1/images/${path}`)).status, path).toBe(400);
    }
    expect((await fetch(`${site.url}/api/v1/images/img_00000000000000000000/large`)).status).toBe(404);
  });
});

describe('the converter', () => {
  it('runs one conversion at a time and refuses more than it can hold', async () => {
    const converter = new ImageConverter(silentLogger);
    const source = await bytesOf(picture());
    const outcomes = await Promise.allSettled(Array.from({ length: maxWaitingConversions + 1 }, () => converter.convert(source, [{ widthPx: 8, heightPx: 8 }])));
    expect(outcomes.map(({ status }) => status)).toEqual([...Array.from({ length: maxWaitingConversions }, () => 'fulfilled'), 'rejected']);
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'server.busy' } });
    expect(await converter.convert(source, [{ widthPx: 8, heightPx: 8 }])).toHaveLength(1);
  });
});
