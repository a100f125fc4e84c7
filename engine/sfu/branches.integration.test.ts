import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../kernel/index.ts';
import type { ClientTransport, MediaCloseReason, MediaRoom, MediaSubscription, MediaTrack, RtpIngress } from '../lecture/ports.ts';
import { until } from '../testing/index.ts';
import { pipeLingerMs } from './limits.ts';
import { FrameCollector } from './testing/FrameCollector.ts';
import { lingeringClock, newLectureId, openTwoWorkers } from './testing/openTwoWorkers.ts';
import type { TwoWorkers } from './testing/openTwoWorkers.ts';
import { pushedAudio, pushedVideo, pushRtp } from './testing/pushRtp.ts';
import { WorkerParts } from './testing/WorkerParts.ts';

interface Viewer {
  transport: ClientTransport;
  subscriptions: MediaSubscription[];
}

/** A room with video and audio of an encoder on the first worker; its first viewer is placed on the other one. */
async function openLecture(options: Parameters<typeof openTwoWorkers>[1] = {}) {
  const media = await openTwoWorkers('piped', options);
  onTestFinished(() => media.plane.close());
  const room = await media.plane.openRoom(newLectureId());
  const ingresses: [RtpIngress, RtpIngress] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
  return { ...media, room, ingresses, tracks: ingresses.map(({ track }) => track) };
}

async function join(room: MediaRoom, tracks: readonly MediaTrack[]): Promise<Viewer> {
  const transport = await room.openClientTransport('recv');
  return { transport, subscriptions: await Promise.all(tracks.map((track) => transport.subscribe(track, room.rtpCapabilities))) };
}

const lecturesOn = ({ plane }: TwoWorkers) => plane.workers.flatMap(({ lectures }) => lectures);
const pipesOf = (media: TwoWorkers) => lecturesOn(media).reduce((sum, { pipes }) => sum + pipes, 0);
const branchOf = (media: TwoWorkers) => lecturesOn(media).find(({ hasPublishers }) => !hasPublishers);
const branchPid = ({ find }: TwoWorkers) => Number(find('mediaBranch.opened').at(-1)?.['workerPid']);
const problems = ({ find }: TwoWorkers) => [...find('mediasoup.warned'), ...find('mediasoup.failed')].map(({ text }) => text);

function reasonOf(closable: { onClosed(listener: (reason: MediaCloseReason) => void): unknown }): { reason?: MediaCloseReason } {
  const closes: { reason?: MediaCloseReason } = {};
  closable.onClosed((reason) => (closes.reason = reason));
  return closes;
}

describe('A track on another worker', () => {
  it('is piped there once for all viewers, from the first subscription until ten seconds after the last one', async () => {
    const { clock, advance } = lingeringClock();
    const lecture = await openLecture({ clock });
    const { room, tracks, find } = lecture;
    const viewers = await Promise.all([join(room, tracks), join(room, tracks), join(room, tracks)]);
    expect(branchOf(lecture)?.viewers).toBeGreaterThan(1);
    expect([pipesOf(lecture), find('trackPipe.opened').length]).toEqual([2, 2]);

    for (const { subscriptions } of viewers) for (const subscription of subscriptions) subscription.close('unpublished');
    advance(pipeLingerMs - 1);
    expect(pipesOf(lecture)).toBe(2);
    const again = await viewers[0]?.transport.subscribe(tracks[0] as MediaTrack, room.rtpCapabilities);
    advance(1);
    expect(pipesOf(lecture)).toBe(1);
    again?.close('unpublished');
    advance(pipeLingerMs);
    await until('the pipes to close', () => find('trackPipe.closed').length === 2);
    expect([pipesOf(lecture), branchOf(lecture)?.viewers]).toEqual([0, viewers.length]);

    for (const { transport } of viewers) transport.close('participantLeft');
    advance(pipeLingerMs);
    expect(branchOf(lecture)).toBeUndefined();
    await join(room, tracks);
    expect([pipesOf(lecture), find('trackPipe.opened').length]).toEqual([2, 4]);
    expect(problems(lecture)).toEqual([]);
  });

  it('closes its pipe with its subscriptions, in this order, when it closes', async () => {
    const lecture = await openLecture();
    const { room, tracks, find } = lecture;
    const { subscriptions } = await join(room, tracks);
    const order: string[] = [];
    subscriptions[0]?.onClosed((reason) => order.push(`subscription ${reason}`));
    tracks[0]?.onClosed((reason) => order.push(`track ${reason}`));
    tracks[0]?.close('replaced');
    expect(order).toEqual(['subscription replaced', 'track replaced']);
    await until('the pipe to close', () => find('trackPipe.closed').length === 1);
    expect(pipesOf(lecture)).toBe(1);
    await lecture.room.openClientTransport('recv');
    expect(problems(lecture)).toEqual([]);
  });

  it.each(['track', 'connection', 'room'] as const)('can be closed with its %s while it is being piped, without an error from a worker', async (what) => {
    const lecture = await openLecture();
    const { room, tracks } = lecture;
    const transport = await room.openClientTransport('recv');
    const subscribing = tracks.map((track) => transport.subscribe(track, room.rtpCapabilities));
    if (what === 'track') for (const track of tracks) track.close('replaced');
    else if (what === 'connection') transport.close('participantLeft');
    else room.close('lectureEnded');
    const outcomes = await Promise.allSettled(subscribing);
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as { code?: string }).code : 'subscribed'))).toEqual(['media.unavailable', 'media.unavailable']);
    // The workers handle these after all earlier requests.
    const next = await Promise.all([lecture.plane.openRoom(newLectureId()), lecture.plane.openRoom(newLectureId())]);
    for (const other of next) await other.openClientTransport('recv');
    expect(problems(lecture)).toEqual([]);
  });
});

describe('A worker that has viewers only', () => {
  it.each(['SIGKILL', 'SIGSTOP'] as const)('loses them with branchLost on %s, while everyone else goes on, and they find a place elsewhere', async (signal) => {
    const lecture = await openLecture();
    const { room, tracks, plane } = lecture;
    const [away, here] = [await join(room, tracks), await join(room, tracks)];
    expect(lecturesOn(lecture).map(({ viewers }) => viewers)).toEqual([1, 1]);
    const ofAway = [away.transport, ...away.subscriptions].map(reasonOf);
    const others = [here.transport, ...here.subscriptions, ...tracks, room].map(reasonOf);
    process.kill(branchPid(lecture), signal);
    const late = room.openClientTransport('recv').catch((err: { code?: string }) => err.code);
    await until('the viewers to be lost', () => ofAway.every(({ reason }) => reason !== undefined), 60_000);
    expect(ofAway.map(({ reason }) => reason)).toEqual(ofAway.map(() => 'branchLost'));
    expect(await late).toSatisfy((outcome: unknown) => outcome === 'media.unavailable' || typeof outcome === 'object');
    await join(room, tracks);
    await until('another worker', () => plane.workers.every(({ pid }) => pid !== null), 60_000);
    await join(room, tracks);
    await join(room, tracks);
    await until('pipes to the new worker', () => pipesOf(lecture) === 2 && (branchOf(lecture)?.viewers ?? 0) > 0);
    expect(others.map(({ reason }) => reason)).toEqual(others.map(() => undefined));
  });

  it('opens, works and dies without a gap in the frames that the recorder reads', async () => {
    const lecture = await openLecture();
    const { room, tracks, ingresses } = lecture;
    const [video] = ingresses;
    const frames = new FrameCollector();
    await video.track.frames.open(frames);
    const ffmpeg = pushRtp(...ingresses, systemClock.nowMs());
    onTestFinished(() => void ffmpeg.kill('SIGKILL'));
    const more = (count: number) => until(`${count} more frames`, () => frames.frames.length > before + count, 60_000);
    let before = 0;
    await more(30);
    const { subscriptions } = await join(room, tracks);
    await Promise.all(subscriptions.map((subscription) => subscription.resume()));
    const closes = subscriptions.map(reasonOf);
    before = frames.frames.length;
    await more(30);
    process.kill(branchPid(lecture), 'SIGKILL');
    await until('the viewer to be lost', () => closes.every(({ reason }) => reason === 'branchLost'));
    before = frames.frames.length;
    await more(30);
    expect([frames.gaps, frames.isEnded]).toEqual([0, false]);
  });

  it('takes no part in the death of the publisher’s worker: its viewers are lost with the room', async () => {
    const lecture = await openLecture();
    const { room, tracks, find, plane } = lecture;
    const { transport, subscriptions } = await join(room, tracks);
    const closes = [...subscriptions, transport, ...tracks, room].map(reasonOf);
    process.kill(Number(find('mediaRoom.opened').at(-1)?.['workerPid']), 'SIGKILL');
    await until('the room to close', () => closes.every(({ reason }) => reason !== undefined));
    expect(closes.map(({ reason }) => reason)).toEqual(closes.map(() => 'workerDied'));
    expect(lecturesOn(lecture)).toEqual([]);
    await plane.openRoom(newLectureId());
    expect(find('mediaWorker.died')).toHaveLength(1);
  });
});

describe('Joins and leaves on two workers', () => {
  const joins = 300;
  const atOnce = 10;

  it(`leave nothing on either after ${joins} of them`, async () => {
    const parts = new WorkerParts();
    onTestFinished(() => parts.close());
    const { clock, advance } = lingeringClock();
    const lecture = await openLecture({ clock });
    const { room, tracks } = lecture;
    const before = await parts.count();
    let most: number[] = [];
    for (let joined = 0; joined < joins; joined += atOnce) {
      const viewers = await Promise.all(Array.from({ length: atOnce }, () => join(room, tracks)));
      if (joined === 0) most = await parts.count();
      for (const { transport } of viewers) transport.close('participantLeft');
      // In every second round the pipes and the branch close, too.
      if ((joined / atOnce) % 2 === 1) advance(pipeLingerMs);
    }
    advance(pipeLingerMs);
    await until('the workers to be as before', async () => JSON.stringify(await parts.count()) === JSON.stringify(before));
    expect(most.map((count, worker) => count > (before[worker] ?? 0))).toEqual([true, true]);
    expect([pipesOf(lecture), branchOf(lecture), tracks.map(({ demand }) => demand.subscriptions)]).toEqual([0, undefined, [0, 0]]);
    expect(problems(lecture)).toEqual([]);
  });
});

describe('A machine that may send 2 Mbps', () => {
  it('has room for one viewer, who keeps the place, and for another one after that has left', async () => {
    const lecture = await openLecture({ settings: { LECTERN_RTC_MAX_EGRESS_MBPS: '2' } });
    const { room, tracks } = lecture;
    const { transport } = await join(room, tracks);
    await expect(room.openClientTransport('recv')).rejects.toMatchObject({ code: 'lecture.full' });
    (await room.openClientTransport('recv', { hasPlace: true })).close('participantLeft');
    await room.openClientTransport('send');
    transport.close('participantLeft');
    await join(room, tracks);
  });
});
