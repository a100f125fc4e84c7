// How close the tracks of a recording are: audio to video, and a screen to its camera.
import type { LectureId } from '#engine/contract';
import { bench, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { en } from '../../text/en.ts';
import { Classroom } from '../Classroom.ts';
import { installFlashingDevices } from '../flashingDevices.ts';
import { beepTimes, flashTimes, offsetsMs } from '../flashTimes.ts';
import { goLive } from '../goLive.ts';
import { isMoving } from '../mediaProbes.ts';

const recordedMs = 60_000;
const camera = { widthPx: 640, heightPx: 360, frameRate: 30 };
/** ITU-R BT.1359: viewers begin to notice at this offset. */
const target = { of: 'p95', is: 'atMost', limit: 80 } as const;

const absolute = (offsets: readonly number[]) => offsets.map(Math.abs);

async function tracksOf(classroom: Classroom, lectureId: LectureId): Promise<(source: string) => string> {
  const { videoId } = await classroom.endRecorded(lectureId);
  const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
  return (source) => `${classroom.server.url}${tracks.find((track) => track.source === source)?.masterUrl ?? ''}`;
}

async function fromEncoder(report: BenchReport, classroom: Classroom): Promise<void> {
  const lectureId = await classroom.startLecture();
  report.say('an encoder, for a minute');
  const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '640x360', shows: 'flash', durationSeconds: recordedMs / 1000 });
  await encoder.exited;
  const { videoId } = await classroom.endRecorded(lectureId);
  const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
  const url = `${classroom.server.url}${tracks[0]?.masterUrl ?? ''}`;
  report.figure({ name: 'encoder, audio to video', unit: 'ms', samples: absolute(offsetsMs(await flashTimes(url), await beepTimes(url))), target });
}

async function fromBrowser(report: BenchReport, classroom: Classroom): Promise<void> {
  const lectureId = await classroom.startLecture();
  report.say('a browser with camera and screen, for a minute');
  const room = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
  const studio = await goLive(classroom, lectureId, (page) => page.addInitScript(installFlashingDevices, camera));
  await until('the camera', () => isMoving(room));
  await room.close();
  await studio.getByRole('button', { name: en.studio.screenOn }).click();
  await studio.waitForTimeout(recordedMs);
  const urlOf = await tracksOf(classroom, lectureId);
  const flashes = await flashTimes(urlOf('camera'));
  report.figure({ name: 'browser, audio to camera', unit: 'ms', samples: absolute(offsetsMs(flashes, await beepTimes(urlOf('camera')))), target });
  report.figure({ name: 'browser, screen to camera', unit: 'ms', samples: absolute(offsetsMs(await flashTimes(urlOf('screen')), flashes)), target });
}

await bench('sync of a recording', async (report) => {
  const classroom = await Classroom.open();
  try {
    await fromEncoder(report, classroom);
    await fromBrowser(report, classroom);
  } finally {
    await classroom.close();
  }
});
