import type { LectureState, PublicationId, TrackKind, TrackSource } from '#engine/contract';
import type { StagePreference } from '../vod/stage/stageLayout.ts';

/** The part of a track that the plan uses. */
export interface StageTrack {
  publication: { source: TrackSource; kind: TrackKind; isPaused: boolean };
  /** It is replaced by another one as soon as that arrives. */
  isEnding?: boolean;
}

export interface StageVideos<T> {
  /** The large video; undefined without any video. */
  main: T | undefined;
  /** The second video: small, or beside the first one. */
  second: T | undefined;
  /** The one to be heard first. */
  audioTracks: readonly T[];
}

/** Screen before program before camera. */
const order: readonly TrackSource[] = ['screen', 'program', 'camera'];

/** Decides which video is large and which is small, as in the replay. */
export function planVideos<T extends StageTrack>(tracks: Iterable<T>, { large }: Pick<StagePreference, 'large'>): StageVideos<T> {
  const all = [...tracks].sort((a, b) => Number(a.isEnding ?? false) - Number(b.isEnding ?? false));
  const videos = all.filter(({ publication }) => publication.kind === 'video' && !publication.isPaused);
  const staying = videos.filter(({ isEnding }) => !isEnding);
  const [first, second] = (staying.length > 0 ? staying : videos).sort((a, b) => order.indexOf(a.publication.source) - order.indexOf(b.publication.source));
  const audioTracks = all.filter(({ publication }) => publication.kind === 'audio');
  return large === 'main' && second ? { main: second, second: first, audioTracks } : { main: first, second, audioTracks };
}

/**
 * Why this page gets no live video although one is published. `full`: the server can send it to nobody else. `noWebRtc`: the
 * browser has no WebRTC. `blocked`: the network blocks the media. `unsupported`: the browser cannot decode the format.
 */
export type VideoObstacle = 'full' | 'noWebRtc' | 'blocked' | 'unsupported';

/** What the stage shows. */
export type StageState =
  | { name: 'video' }
  /** A presenter has no camera on; they are heard, or muted. */
  | { name: 'cameraOff'; isMuted: boolean }
  /** An encoder sends audio and no video. */
  | { name: 'audioOnly' }
  /** Published, and not yet received. */
  | { name: 'loading' }
  /** The presenter has stopped sending. */
  | { name: 'paused' }
  /** The sender is lost. */
  | { name: 'interrupted' }
  /** This page has lost the server. */
  | { name: 'reconnecting'; isServerRestarting: boolean }
  | { name: 'obstacle'; obstacle: VideoObstacle }
  /** Nothing was sent yet. */
  | { name: 'notStarted' };

export interface StagePlan {
  state: StageState;
  /** `hidden`: nothing of an earlier video may be seen; `dimmed`: the last frame stays, darker. */
  lastFrame: 'shown' | 'dimmed' | 'hidden';
}

type StagePublication = StageTrack['publication'] & { id?: PublicationId };

export interface StageSituation {
  lectureState: LectureState;
  hasBroadcast: boolean;
  /** Of others, on the air. */
  publications: readonly StagePublication[];
  /** A video is received and can be shown. */
  hasVideo: boolean;
  /** Set while the connection to the server is lost. */
  lost: { isServerRestarting: boolean } | undefined;
  hasWebRtc: boolean;
  isFull: boolean;
  isBlocked: boolean;
  unsupported: ReadonlySet<string>;
}

/** What the stage shows in a situation, and what becomes of the last frame. */
export function stagePlan(situation: StageSituation): StagePlan {
  const state = stateOf(situation);
  return { state, lastFrame: lastFrameOf(state) };
}

function stateOf(situation: StageSituation): StageState {
  const { lectureState, hasBroadcast, publications, hasVideo, lost } = situation;
  if (lost) return { name: 'reconnecting', ...lost };
  const obstacle = obstacleOf(situation);
  if (obstacle) return { name: 'obstacle', obstacle };
  if (lectureState === 'interrupted') return { name: 'interrupted' };
  if (hasVideo) return { name: 'video' };
  if (isVideoOff(publications)) return soundState(publications);
  if (publications.length > 0) return { name: 'loading' };
  return hasBroadcast ? { name: 'paused' } : { name: 'notStarted' };
}

function obstacleOf({ publications, hasVideo, hasWebRtc, isFull, isBlocked, unsupported }: StageSituation): VideoObstacle | undefined {
  if (publications.length === 0) return undefined;
  if (!hasWebRtc) return 'noWebRtc';
  if (isFull) return 'full';
  if (isBlocked) return 'blocked';
  const isUnsupported = publications.some(({ id, kind }) => kind === 'video' && id !== undefined && unsupported.has(id));
  return isUnsupported && !hasVideo ? 'unsupported' : undefined;
}

/** Audio is published and no video, or every video is paused: the camera is turned off. */
export function isVideoOff(publications: readonly StagePublication[]): boolean {
  return publications.length > 0 && publications.every(({ kind, isPaused }) => kind === 'audio' || isPaused);
}

function soundState(publications: readonly StagePublication[]): StageState {
  if (publications.some(({ source }) => source === 'program')) return { name: 'audioOnly' };
  return { name: 'cameraOff', isMuted: isMuted(publications) };
}

/** Nobody can be heard: there is no audio, or all of it is paused. */
export function isMuted(publications: readonly StagePublication[]): boolean {
  return publications.every(({ kind, isPaused }) => kind === 'video' || isPaused);
}

/** A camera that is off leaves nothing behind. */
function lastFrameOf({ name }: StageState): StagePlan['lastFrame'] {
  if (name === 'cameraOff') return 'hidden';
  return name === 'paused' || name === 'interrupted' || name === 'reconnecting' || name === 'audioOnly' || name === 'obstacle' ? 'dimmed' : 'shown';
}
