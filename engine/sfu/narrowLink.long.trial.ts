import { afterAll, beforeAll, describe, it } from 'vitest';
import { until } from '../testing/index.ts';
import { BrowserPages, seenOn } from './testing/BrowserPages.ts';
import { canNarrow, NarrowLink } from './testing/NarrowLink.ts';
import { newLectureId, openTwoWorkers } from './testing/openTwoWorkers.ts';
import { PlayedServer } from './testing/PlayedServer.ts';

const patientMs = 120_000;
const narrowKbps = 500;
/** Of the small layer of 640x480. The browser's encoder may shrink it further. */
const smallWidthPx = 320;
const canRun = canNarrow();
if (!canRun) process.stderr.write('SKIPPED: viewers behind 500 kbps. It needs root, ip and tc (package iproute2), and network namespaces.\n');

describe.skipIf(!canRun)('A viewer behind 500 kbps', () => {
  let link: NarrowLink;
  let publishers: BrowserPages;
  let viewers: BrowserPages;

  beforeAll(async () => {
    link = await NarrowLink.open();
    publishers = await BrowserPages.open();
    viewers = await BrowserPages.open(link.wrap);
  });
  afterAll(async () => {
    await viewers?.close();
    await publishers?.close();
    await link?.close();
  });

  it.each(['direct', 'piped'] as const)('gets the small layer, and the large one when there is room for it: %s', async (spread) => {
    const { plane } = await openTwoWorkers(spread);
    try {
      const published = new PlayedServer(await plane.openRoom(newLectureId()));
      const publisher = await publishers.publish(published, { source: 'noise', videoCodec: 'video/H264', isSimulcast: true });
      await link.limit(narrowKbps);
      const server = new PlayedServer(published.room, published.tracks);
      const page = await viewers.watch(server);
      await until('the small layer', async () => server.layers.at(-1)?.spatialLayer === 0 && (await seenOn(page)).widthPx <= smallWidthPx, patientMs);
      const before = (await seenOn(page)).framesDecoded;
      // mediasoup tries the large layer from time to time, also where a busy encoder makes it small enough for the link.
      await until('its video to go on', async () => (await seenOn(page)).framesDecoded > before + 60, patientMs);
      await link.unlimit();
      await until('the large layer', async () => server.layers.at(-1)?.spatialLayer === 1 && (await seenOn(page)).widthPx > smallWidthPx, patientMs);
      await page.close();
      await publisher.close();
    } finally {
      await plane.close();
    }
  });
});
