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
import type { SfuTrack } from './SfuTrack.ts';
import { GatheredFrames } from './testing/GatheredFrames.ts';
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
  it('gives what ffmpeg sends over RTP as frames: all of them, in order, sized, and timed together', async () => {
    const room = await plane.openRoom(lectureId());
    const [pictureIngress, soundIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    const [pictures, sounds] = [new GatheredFrames(), new GatheredFrames()];
    await (pictureIngress.track as SfuTrack).rtpFrames.open(pictures);
    await (soundIngress.track as SfuTrack).rtpFrames.open(sounds);
    const startedAtMs = systemClock.nowMs();
    const ffmpeg = pushRtp(pictureIngress, soundIngress, systemClock.nowMs());
    await until('three seconds of frames', () => pictures.frames.length > 90 && sounds.frames.length > 150);
    ffmpeg.kill('SIGKILL');
    const endedAtMs = systemClock.nowMs();

    expect(pictures.formats).toMatchObject([{ codec: 'h264', codecString: 'avc1.42c01e', widthPx: 640, heightPx: 360 }]);
    expect(sounds.formats).toMatchObject([{ codec: 'opus', sampleRateHz: 48_000, channelCount: 2 }]);
    const [seen, heard] = [pictures.summary(), sounds.summary()];
    expect(seen.firstMs).toBeGreaterThan(startedAtMs - 200);
    expect(seen.lastMs).toBeLessThan(endedAtMs + 200);
    // One thirtieth and one fiftieth of a second, corrected by how late packets come on a busy machine. RtpTimeline.test.ts has exact numbers.
    expect([seen.shortestStepMs > 15, seen.longestStepMs < 60]).toEqual([true, true]);
    expect([heard.shortestStepMs > 5, heard.longestStepMs < 40]).toEqual([true, true]);
    expect(seen.keyframes).toBe(Math.ceil(seen.count / 30));
    expect(seen.gaps).toBe(0);
    const offsetMs = seen.lastMs - ((seen.count - 1) * 1000) / 30 - (heard.lastMs - (heard.count - 1) * 20);
    expect(Math.abs(offsetMs)).toBeLessThan(200);

    await until('the ingress to see that media arrives', () => find('rtpIngress.flowing').length === 2);
    room.close('lectureEnded');
    expect([pictures.isEnded, sounds.isEnded]).toEqual([true, true]);
  });

  it('opened late starts at a keyframe, and closed by its holder says nothing more', async () => {
    const room = await plane.openRoom(lectureId());
    const [pictureIngress, soundIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    const ffmpeg = pushRtp(pictureIngress, soundIngress, systemClock.nowMs());
    const [early, late] = [new GatheredFrames(), new GatheredFrames()];
    const { rtpFrames } = pictureIngress.track as SfuTrack;
    await rtpFrames.open(early);
    await until('the picture to flow', () => early.frames.length > 10);
    const handle = await rtpFrames.open(late);
    await until('a late start', () => late.frames.length > 5);
    handle.close();
    const count = late.frames.length;
    await until('more for the first', () => early.frames.length > 70);
    ffmpeg.kill('SIGKILL');
    expect(late.frames[0]?.isKeyframe).toBe(true);
    expect([late.frames.length, late.isEnded]).toEqual([count, false]);
    const [begins] = late.frames;
    const nearest = Math.min(...early.frames.map((frame) => Math.abs(frame.decodeTimeUs - (begins?.decodeTimeUs ?? 0))));
    expect(nearest).toBeLessThan(200_000);
    room.close('lectureEnded');
  });

  it('told to end within its first second, hands over what has come', async () => {
    const room = await plane.openRoom(lectureId());
    const [pictureIngress, soundIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    const ffmpeg = pushRtp(pictureIngress, soundIngress, systemClock.nowMs());
    const [early, late] = [new GatheredFrames(), new GatheredFrames()];
    const { rtpFrames } = soundIngress.track as SfuTrack;
    await rtpFrames.open(early);
    await until('the sound to flow', () => early.frames.length > 10);
    const handle = await rtpFrames.open(late);
    const soFar = early.frames.length;
    await until('a few more of the sound', () => early.frames.length > soFar + 10);
    expect(late.frames).toEqual([]);
    handle.end();
    ffmpeg.kill('SIGKILL');
    expect(late.frames.length).toBeGreaterThan(5);
    expect(late.isEnded).toBe(true);
    room.close('lectureEnded');
  });

  it('tells of packets that never came, and goes on at a keyframe', async () => {
    const room = await plane.openRoom(lectureId());
    const [pictureIngress, soundIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    const way = await lossyWay(pictureIngress, (packet) => packet >= 100 && packet < 103);
    const pictures = new GatheredFrames();
    await (pictureIngress.track as SfuTrack).rtpFrames.open(pictures);
    const ffmpeg = pushRtp(way, soundIngress, systemClock.nowMs());
    const afterGap = await until('frames behind the gap', () => pictures.frames[(pictures.gapsBefore[0] ?? Infinity) + 5] && pictures.gapsBefore[0]);
    ffmpeg.kill('SIGKILL');
    way.close();
    expect(pictures.gaps).toBe(1);
    expect(pictures.frames[afterGap]?.isKeyframe).toBe(true);
    expect(pictures.summary().longestStepMs).toBeGreaterThan(60);
    room.close('lectureEnded');
  });
});

/** A network in front of an ingress that loses what `loses` says, by the packet's number. */
async function lossyWay(to: RtpIngress, loses: (packet: number) => boolean): Promise<Target & { close(): void }> {
  const socket = createSocket('udp4').bind(0, to.host);
  await once(socket, 'listening');
  let count = 0;
  socket.on('message', (packet) => {
    count += 1;
    if (!loses(count)) socket.send(packet, to.rtpPort, to.host);
  });
  return { host: to.host, rtpPort: socket.address().port, rtcpPort: to.rtcpPort, close: () => void socket.close() };
}

function reasonOf(closable: { onClosed(listener: (reason: MediaCloseReason) => void): unknown }): { reason?: MediaCloseReason } {
  const heard: { reason?: MediaCloseReason } = {};
  closable.onClosed((reason) => (heard.reason = reason));
  return heard;
}

describe('A media room on a real worker', () => {
  it('closes everything in it with its own reason', async () => {
    const room = await plane.openRoom(lectureId());
    const ingress = await room.openRtpIngress(pushedAudio);
    const transport = await room.openClientTransport('recv');
    const subscription = await transport.subscribe(ingress.track, room.rtpCapabilities);
    const heard = [ingress.track, transport, subscription, room].map(reasonOf);
    room.close('lectureEnded');
    room.close('stopping');
    expect(heard.map(({ reason }) => reason)).toEqual(Array(4).fill('lectureEnded'));
    await expect(transport.restartIce()).rejects.toMatchObject({ name: 'CodedError' });
  });

  it('ends the subscriptions of a track that is gone, and leaves their transport open', async () => {
    const room = await plane.openRoom(lectureId());
    const ingress = await room.openRtpIngress(pushedAudio);
    const transport = await room.openClientTransport('recv');
    const subscription = await transport.subscribe(ingress.track, room.rtpCapabilities);
    const [ofSubscription, ofTransport] = [reasonOf(subscription), reasonOf(transport)];
    ingress.close('replaced');
    expect(ofSubscription.reason).toBe('replaced');
    expect(ofTransport.reason).toBeUndefined();
    await expect(transport.subscribe(ingress.track, room.rtpCapabilities)).rejects.toMatchObject({ code: 'media.unavailable' });
    room.close('lectureEnded');
  });

  it('closes tracks that are being taken without a word from the worker', async () => {
    const complaints = () => [...find('mediasoup.warned'), ...find('mediasoup.failed')].length;
    const before = complaints();
    const room = await plane.openRoom(lectureId());
    const ingress = await room.openRtpIngress(pushedAudio);
    const transports = [await room.openClientTransport('recv'), await room.openClientTransport('recv')];
    const subscriptions = await Promise.all(transports.map((transport) => transport.subscribe(ingress.track, room.rtpCapabilities)));
    const resuming = subscriptions.map((subscription) => subscription.resume());
    ingress.close('replaced');
    await Promise.all(resuming);
    // Answered after everything before it.
    await room.openClientTransport('recv');
    expect(complaints()).toBe(before);
    room.close('lectureEnded');
  });

  it('refuses a browser that cannot play a track, and parameters that make no sense', async () => {
    const room = await plane.openRoom(lectureId());
    const ingress = await room.openRtpIngress(pushedVideo);
    const transport = await room.openClientTransport('recv');
    const onlyAudio = { ...room.rtpCapabilities, codecs: room.rtpCapabilities.codecs?.filter((codec) => codec.kind === 'audio') };
    await expect(transport.subscribe(ingress.track, onlyAudio)).rejects.toMatchObject({ code: 'media.unsupported' });
    await expect(transport.connect({ fingerprints: [{ algorithm: 'none', value: '' }] })).rejects.toMatchObject({ code: 'request.invalid' });
    const codecs = [{ mimeType: 'video/H265', payloadType: 100, clockRate: 90_000 }];
    const publishing = transport.publish({ kind: 'video', rtpParameters: { codecs, encodings: [{ ssrc: 7 }] }, isPaused: false });
    await expect(publishing).rejects.toMatchObject({ code: 'media.unsupported' });
    room.close('lectureEnded');
  });

  it('announces loopback, over UDP and TCP, so that a machine without a network can be its own class', async () => {
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
    const heard = [room, transport].map(reasonOf);
    process.kill(Number(find('mediaWorker.started').at(-1)?.['workerPid']), 'SIGKILL');
    await until('the room to close', () => heard.every(({ reason }) => reason === 'workerDied'));
    const next = await plane.openRoom(lectureId());
    await next.openClientTransport('send');
    expect(find('mediaWorker.died')).toHaveLength(1);
    next.close('lectureEnded');
  });
});

it('says of what is asked of a worker that hangs that it is away for now, and opens rooms on the next', async () => {
  const seen = recordingLogger();
  const own = await createMediaPlane({ config, workerBin, ffmpegCommand, logger: seen.logger, clock: systemClock });
  const room = await own.openRoom(lectureId());
  process.kill(Number(seen.find('mediaWorker.started')[0]?.['workerPid']), 'SIGSTOP');
  const [opened, ...asked] = await Promise.allSettled([own.openRoom(lectureId()), room.openRtpIngress(pushedVideo), room.openClientTransport('send')]);
  expect(asked).toMatchObject(Array(2).fill({ status: 'rejected', reason: { code: 'media.unavailable' } }));
  await expect(room.openRtpIngress(pushedVideo)).rejects.toMatchObject({ code: 'media.unavailable' });
  const ingress = opened.status === 'fulfilled' && (await opened.value.openRtpIngress(pushedVideo));
  expect(ingress).toMatchObject({ rtpPort: expect.any(Number) as number });
  await own.close();
});

describe('A media plane that starts', () => {
  it('says in one sentence that its port is taken', async () => {
    const other = createSocket('udp4').bind(0, '0.0.0.0');
    await once(other, 'listening');
    const { port } = other.address();
    const starting = createMediaPlane({ config: { ...config, LECTERN_RTC_PORT: port }, workerBin, ffmpegCommand, logger, clock: systemClock });
    await expect(starting).rejects.toThrow(
      new Error(`The media port ${port} (UDP and TCP) on 0.0.0.0 is taken by another program: free it or set LECTERN_RTC_PORT.`),
    );
    other.close();
  });

  it('spreads rooms over its workers and closes them when it stops', async () => {
    const two = await createMediaPlane({ config: { ...config, LECTERN_RTC_WORKERS: 2 }, workerBin, ffmpegCommand, logger, clock: systemClock });
    const rooms = [await two.openRoom(lectureId()), await two.openRoom(lectureId())];
    const pids = find('mediaRoom.opened').slice(-2).map((line) => line['workerPid']);
    expect(new Set(pids).size).toBe(2);
    const heard = rooms.map(reasonOf);
    await two.close();
    expect(heard.map(({ reason }) => reason)).toEqual(['stopping', 'stopping']);
    await expect(two.openRoom(lectureId())).rejects.toMatchObject({ code: 'server.stopping' });
  });
});
