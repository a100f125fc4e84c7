import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LectureId } from '../contract/index.ts';
import { newId, systemClock } from '../kernel/index.ts';
import type { MediaCloseReason, MediaPlane, MediaRoom, RtpIngress } from '../lecture/ports.ts';
import { findWorkerBinary } from '../setup/workerBinary.ts';
import { until } from '../testing/index.ts';
import { sfuConfig } from './config.ts';
import { createMediaPlane } from './createMediaPlane.ts';
import { FrameCollector } from './testing/FrameCollector.ts';
import { pushedAudio, pushedVideo, pushRtp } from './testing/pushRtp.ts';
import type { Target } from './testing/pushRtp.ts';
import { recordingLogger } from './testing/recordingLogger.ts';

const config = sfuConfig.parse({ LECTERN_RTC_WORKERS: 1, LECTERN_RTC_PORT: 0 });
const workerBin = findWorkerBinary(process.env);
const ffmpegCommand = 'ffmpeg';
const { logger, find } = recordingLogger();
const lectureId = () => LectureId.parse(newId('lec'));

let plane: MediaPlane;
beforeAll(async () => {
  plane = await createMediaPlane({ config, workerBin, ffmpegCommand, logger, clock: systemClock });
});
afterAll(() => plane?.close());

describe('The frame tap on a real worker', () => {
  it('delivers all frames that ffmpeg sends over RTP: in order, with their size, video and audio in sync', async () => {
    const room = await plane.openRoom(lectureId());
    const [videoIngress, audioIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    const [video, audio] = [new FrameCollector(), new FrameCollector()];
    await videoIngress.track.frames.open(video);
    await audioIngress.track.frames.open(audio);
    const startedAtMs = systemClock.nowMs();
    const ffmpeg = pushRtp(videoIngress, audioIngress, systemClock.nowMs());
    await until('three seconds of frames', () => video.frames.length > 90 && audio.frames.length > 150);
    ffmpeg.kill('SIGKILL');
    const endedAtMs = systemClock.nowMs();

    expect(video.formats).toMatchObject([{ codec: 'h264', codecString: 'avc1.42c01e', widthPx: 640, heightPx: 360 }]);
    expect(audio.formats).toMatchObject([{ codec: 'opus', sampleRateHz: 48_000, channelCount: 2 }]);
    const [videoSummary, audioSummary] = [video.summary(), audio.summary()];
    expect(videoSummary.firstMs).toBeGreaterThan(startedAtMs - 200);
    expect(videoSummary.lastMs).toBeLessThan(endedAtMs + 200);
    // One thirtieth and one fiftieth of a second, corrected by how late packets come on a busy machine. RtpTimeline.test.ts has exact numbers.
    expect([videoSummary.shortestStepMs > 15, videoSummary.longestStepMs < 60]).toEqual([true, true]);
    expect([audioSummary.shortestStepMs > 5, audioSummary.longestStepMs < 40]).toEqual([true, true]);
    expect(videoSummary.keyframes).toBe(Math.ceil(videoSummary.count / 30));
    expect(videoSummary.gaps).toBe(0);
    const offsetMs = videoSummary.lastMs - ((videoSummary.count - 1) * 1000) / 30 - (audioSummary.lastMs - (audioSummary.count - 1) * 20);
    expect(Math.abs(offsetMs)).toBeLessThan(200);

    await until('the ingress to see that media arrives', () => find('rtpIngress.flowing').length === 2);
    room.close('lectureEnded');
    expect([video.isEnded, audio.isEnded]).toEqual([true, true]);
  });

  it('starts at a keyframe when it is opened late, and delivers nothing after it was closed', async () => {
    const room = await plane.openRoom(lectureId());
    const [videoIngress, audioIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    const ffmpeg = pushRtp(videoIngress, audioIngress, systemClock.nowMs());
    const [early, late] = [new FrameCollector(), new FrameCollector()];
    const { frames } = videoIngress.track;
    await frames.open(early);
    await until('the video', () => early.frames.length > 10);
    const handle = await frames.open(late);
    await until('a late start', () => late.frames.length > 5);
    handle.close();
    const count = late.frames.length;
    await until('more for the first', () => early.frames.length > 70);
    ffmpeg.kill('SIGKILL');
    expect(late.frames[0]?.isKeyframe).toBe(true);
    expect([late.frames.length, late.isEnded]).toEqual([count, false]);
    const [begins] = late.frames;
    const nearest = Math.min(...early.frames.map((frame) => Math.abs(frame.decodeTimeUs - (begins?.decodeTimeUs ?? 0))));
    // Each tap has a timeline of its own, which a busy machine corrects differently.
    expect(nearest).toBeLessThan(1_000_000);
    room.close('lectureEnded');
  });

  it('delivers what has arrived when it is ended within its first second', async () => {
    const room = await plane.openRoom(lectureId());
    const [videoIngress, audioIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    const ffmpeg = pushRtp(videoIngress, audioIngress, systemClock.nowMs());
    const [early, late] = [new FrameCollector(), new FrameCollector()];
    const { frames } = audioIngress.track;
    await frames.open(early);
    await until('the audio', () => early.frames.length > 10);
    const handle = await frames.open(late);
    const soFar = early.frames.length;
    await until('more audio', () => early.frames.length > soFar + 10);
    expect(late.frames).toEqual([]);
    handle.end();
    ffmpeg.kill('SIGKILL');
    expect(late.frames.length).toBeGreaterThan(5);
    expect(late.isEnded).toBe(true);
    room.close('lectureEnded');
  });

  it('reports a gap for lost packets, and continues at a keyframe', async () => {
    const room = await plane.openRoom(lectureId());
    const [videoIngress, audioIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    const lossy = await openLossyPath(videoIngress, (packet) => packet >= 100 && packet < 103);
    const video = new FrameCollector();
    await videoIngress.track.frames.open(video);
    const ffmpeg = pushRtp(lossy, audioIngress, systemClock.nowMs());
    const afterGap = await until('frames after the gap', () => video.frames[(video.gapsBefore[0] ?? Infinity) + 5] && video.gapsBefore[0]);
    ffmpeg.kill('SIGKILL');
    lossy.close();
    expect(video.gaps).toBe(1);
    expect(video.frames[afterGap]?.isKeyframe).toBe(true);
    expect(video.summary().longestStepMs).toBeGreaterThan(60);
    room.close('lectureEnded');
  });
});

/** A network path to an ingress that drops the packets for whose number `isLost` is true. */
async function openLossyPath(to: RtpIngress, isLost: (packet: number) => boolean): Promise<Target & { close(): void }> {
  const socket = createSocket('udp4').bind(0, to.host);
  await once(socket, 'listening');
  let count = 0;
  socket.on('message', (packet) => {
    count += 1;
    if (!isLost(count)) socket.send(packet, to.rtpPort, to.host);
  });
  return { host: to.host, rtpPort: socket.address().port, rtcpPort: to.rtcpPort, close: () => void socket.close() };
}

function reasonOf(closable: { onClosed(listener: (reason: MediaCloseReason) => void): unknown }): { reason?: MediaCloseReason } {
  const closes: { reason?: MediaCloseReason } = {};
  closable.onClosed((reason) => (closes.reason = reason));
  return closes;
}

describe('A media room on a real worker', () => {
  it('closes a track during subscriptions without a warning from the worker', async () => {
    const warnings = () => [...find('mediasoup.warned'), ...find('mediasoup.failed')].length;
    const before = warnings();
    const room = await plane.openRoom(lectureId());
    const ingress = await room.openRtpIngress(pushedAudio);
    const transports = [await room.openClientTransport('recv'), await room.openClientTransport('recv')];
    const subscriptions = await Promise.all(transports.map((transport) => transport.subscribe(ingress.track, room.rtpCapabilities)));
    const resuming = subscriptions.map((subscription) => subscription.resume());
    ingress.close('replaced');
    await Promise.all(resuming);
    // The worker handles this after all earlier requests.
    await room.openClientTransport('recv');
    expect(warnings()).toBe(before);
    room.close('lectureEnded');
  });

  it.each(['track', 'connection'] as const)('closes a %s while it is being subscribed to without an error from the worker', async (what) => {
    const errors = () => [...find('mediasoup.warned'), ...find('mediasoup.failed')].map(({ text }) => text);
    const before = errors();
    const room = await plane.openRoom(lectureId());
    const ingress = await room.openRtpIngress(pushedAudio);
    const transports = [await room.openClientTransport('recv'), await room.openClientTransport('recv')];
    const subscribing = transports.map((transport) => transport.subscribe(ingress.track, room.rtpCapabilities));
    if (what === 'track') ingress.close('replaced');
    else for (const transport of transports) transport.close('participantLeft');
    const outcomes = await Promise.allSettled(subscribing);
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as { code?: string }).code : 'subscribed'))).toEqual(['media.unavailable', 'media.unavailable']);
    // The worker handles this after all earlier requests.
    await room.openClientTransport('recv');
    expect(errors()).toEqual(before);
    room.close('lectureEnded');
  });

  it('announces loopback over UDP and TCP, so that a lecture works on a machine without a network', async () => {
    const room = await plane.openRoom(lectureId());
    const { parameters } = await room.openClientTransport('send');
    const onLoopback = parameters.iceCandidates.filter((candidate) => candidate.address === '127.0.0.1');
    expect(onLoopback.map((candidate) => candidate.protocol).sort()).toEqual(['tcp', 'udp']);
    expect(new Set(parameters.iceCandidates.map((candidate) => candidate.priority)).size).toBe(parameters.iceCandidates.length);
    room.close('lectureEnded');
  });

  it('closes with workerDied when its worker is killed, and a new one opens', async () => {
    const room: MediaRoom = await plane.openRoom(lectureId());
    const transport = await room.openClientTransport('send');
    const closes = [room, transport].map(reasonOf);
    process.kill(Number(find('mediaWorker.started').at(-1)?.['workerPid']), 'SIGKILL');
    await until('the room to close', () => closes.every(({ reason }) => reason === 'workerDied'));
    const next = await plane.openRoom(lectureId());
    await next.openClientTransport('send');
    expect(find('mediaWorker.died')).toHaveLength(1);
    next.close('lectureEnded');
  });
});

it('rejects requests to a worker that hangs with media.unavailable, and opens rooms on the next worker', async () => {
  const seen = recordingLogger();
  const own = await createMediaPlane({ config, workerBin, ffmpegCommand, logger: seen.logger, clock: systemClock });
  const room = await own.openRoom(lectureId());
  process.kill(Number(seen.find('mediaWorker.started')[0]?.['workerPid']), 'SIGSTOP');
  const [opened, ...requests] = await Promise.allSettled([own.openRoom(lectureId()), room.openRtpIngress(pushedVideo), room.openClientTransport('send')]);
  expect(requests).toMatchObject(Array(2).fill({ status: 'rejected', reason: { code: 'media.unavailable' } }));
  await expect(room.openRtpIngress(pushedVideo)).rejects.toMatchObject({ code: 'media.unavailable' });
  const ingress = opened.status === 'fulfilled' && (await opened.value.openRtpIngress(pushedVideo));
  expect(ingress).toMatchObject({ rtpPort: expect.any(Number) as number });
  await own.close();
});

describe('A starting media plane', () => {
  it('reports in one sentence that its port is taken', async () => {
    const other = createSocket('udp4').bind(0, '0.0.0.0');
    await once(other, 'listening');
    const { port } = other.address();
    const starting = createMediaPlane({ config: { ...config, LECTERN_RTC_PORT: port }, workerBin, ffmpegCommand, logger, clock: systemClock });
    await expect(starting).rejects.toThrow(
      new Error(`The media port ${port} (UDP and TCP) on 0.0.0.0 is taken by another program: free it or set LECTERN_RTC_PORT.`),
    );
    other.close();
  });

  it('spreads rooms over its workers', async () => {
    const two = await createMediaPlane({ config: { ...config, LECTERN_RTC_WORKERS: 2 }, workerBin, ffmpegCommand, logger, clock: systemClock });
    const rooms = [await two.openRoom(lectureId()), await two.openRoom(lectureId())];
    const pids = find('mediaRoom.opened').slice(-2).map((line) => line['workerPid']);
    expect(new Set(pids).size).toBe(2);
    const closes = rooms.map(reasonOf);
    await two.close();
    expect(closes.map(({ reason }) => reason)).toEqual(['stopping', 'stopping']);
    await expect(two.openRoom(lectureId())).rejects.toMatchObject({ code: 'server.stopping' });
  });
});
