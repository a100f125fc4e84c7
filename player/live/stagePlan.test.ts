import { describe, expect, it } from 'vitest';
import type { TrackSource } from '#engine/contract';
import { isMuted, isVideoOff, planVideos, stagePlan } from './stagePlan.ts';
import type { StagePlan, StageSituation } from './stagePlan.ts';

const track = (source: TrackSource, kind: 'video' | 'audio' = 'video', more: { isPaused?: boolean; isEnding?: boolean } = {}) => ({
  publication: { id: undefined, source, kind, isPaused: more.isPaused ?? false },
  isEnding: more.isEnding ?? false,
});
const screenLarge = { large: 'second' } as const;

describe('the videos of the stage', () => {
  const camera = track('camera');
  const screen = track('screen');

  it('are a large screen and a small camera, in any order', () => {
    expect(planVideos([camera, screen], screenLarge)).toMatchObject({ main: screen, second: camera });
  });

  it('are swapped when the viewer prefers the other one', () => {
    expect(planVideos([camera, screen], { large: 'main' })).toMatchObject({ main: camera, second: screen });
  });

  it('are the only one, large, whatever the viewer prefers', () => {
    const program = track('program');
    expect(planVideos([program], { large: 'main' })).toMatchObject({ main: program, second: undefined });
  });

  it('leave out a paused one, and play every audio track', () => {
    const microphone = track('microphone', 'audio', { isPaused: true });
    expect(planVideos([track('camera', 'video', { isPaused: true }), microphone], screenLarge)).toEqual({ main: undefined, second: undefined, audioTracks: [microphone] });
  });

  it('keep one that was replaced until the other arrives, and hear the other first', () => {
    const [ending, endingAudio] = [track('camera', 'video', { isEnding: true }), track('microphone', 'audio', { isEnding: true })];
    expect(planVideos([ending, endingAudio], screenLarge)).toMatchObject({ main: ending, audioTracks: [endingAudio] });
    const [program, programAudio] = [track('program'), track('program', 'audio')];
    expect(planVideos([ending, endingAudio, program, programAudio], screenLarge)).toEqual({ main: program, second: undefined, audioTracks: [programAudio, endingAudio] });
  });
});

describe('the plan of the stage', () => {
  const camera = track('camera').publication;
  const microphone = track('microphone', 'audio').publication;
  const mutedMicrophone = track('microphone', 'audio', { isPaused: true }).publication;
  const quiet: StageSituation = {
    lectureState: 'live', hasBroadcast: true, publications: [], hasVideo: false, lost: undefined, hasWebRtc: true, isFull: false, isBlocked: false, unsupported: new Set(),
  };

  const cases: [string, Partial<StageSituation>, StagePlan][] = [
    ['the video', { publications: [camera, microphone], hasVideo: true }, { state: { name: 'video' }, lastFrame: 'shown' }],
    ['a presenter whose camera is off, never the last frame', { publications: [microphone] }, { state: { name: 'cameraOff', isMuted: false }, lastFrame: 'hidden' }],
    ['the same with a paused camera', { publications: [{ ...camera, isPaused: true }, microphone] }, { state: { name: 'cameraOff', isMuted: false }, lastFrame: 'hidden' }],
    ['a paused camera alone', { publications: [{ ...camera, isPaused: true }] }, { state: { name: 'cameraOff', isMuted: true }, lastFrame: 'hidden' }],
    ['that the presenter is muted', { publications: [mutedMicrophone] }, { state: { name: 'cameraOff', isMuted: true }, lastFrame: 'hidden' }],
    ['the sound of an encoder without video', { publications: [track('program', 'audio').publication] }, { state: { name: 'audioOnly' }, lastFrame: 'dimmed' }],
    ['that the video loads', { publications: [camera] }, { state: { name: 'loading' }, lastFrame: 'shown' }],
    ['a pause', {}, { state: { name: 'paused' }, lastFrame: 'dimmed' }],
    ['that nothing was sent yet', { hasBroadcast: false }, { state: { name: 'notStarted' }, lastFrame: 'shown' }],
    ['an interruption, also while a dead video is published', { lectureState: 'interrupted', publications: [camera], hasVideo: true }, { state: { name: 'interrupted' }, lastFrame: 'dimmed' }],
    ['that the page has lost the server, before anything else', { lost: { isServerRestarting: true }, lectureState: 'interrupted' }, { state: { name: 'reconnecting', isServerRestarting: true }, lastFrame: 'dimmed' }],
    ['a browser without WebRTC', { publications: [camera], hasWebRtc: false }, { state: { name: 'obstacle', obstacle: 'noWebRtc' }, lastFrame: 'dimmed' }],
    ['a full lecture', { publications: [camera], isFull: true }, { state: { name: 'obstacle', obstacle: 'full' }, lastFrame: 'dimmed' }],
    ['a network that blocks video', { publications: [camera], isBlocked: true }, { state: { name: 'obstacle', obstacle: 'blocked' }, lastFrame: 'dimmed' }],
  ];
  it.each(cases)('shows %s', (_, situation, plan) => {
    expect(stagePlan({ ...quiet, ...situation })).toEqual(plan);
  });

  it('shows that the browser cannot decode a video, unless another one is shown', () => {
    const id = 'pub_1' as NonNullable<StageSituation['publications'][number]['id']>;
    const situation = { ...quiet, publications: [{ ...camera, id }], unsupported: new Set([id]) };
    expect(stagePlan(situation).state).toEqual({ name: 'obstacle', obstacle: 'unsupported' });
    expect(stagePlan({ ...situation, hasVideo: true }).state).toEqual({ name: 'video' });
  });

  it('knows who is muted and whose video is off', () => {
    expect([isMuted([camera]), isMuted([mutedMicrophone]), isMuted([microphone, mutedMicrophone])]).toEqual([true, true, false]);
    expect([isVideoOff([]), isVideoOff([camera, microphone]), isVideoOff([microphone])]).toEqual([false, false, true]);
  });
});
