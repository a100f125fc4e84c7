import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { background } from '../app/background.ts';

interface VideoRefs {
  video: RefObject<HTMLVideoElement>;
  /** Covers the element while no video arrives: without a track, an element keeps its last frame and stretches it to its box. */
  still: RefObject<HTMLCanvasElement>;
}

/** The stream of a media element, created once. Tracks are added and removed while the element keeps playing. */
export function streamOf(element: HTMLMediaElement): MediaStream {
  if (element.srcObject instanceof MediaStream) return element.srcObject;
  const stream = new MediaStream();
  element.srcObject = stream;
  return stream;
}

/** Plays a track in a video element. Returns true while it has frames; otherwise the canvas shows the last frame. */
export function useVideoIn({ video, still }: VideoRefs, track: MediaStreamTrack | undefined): boolean {
  const [hasFrames, setHasFrames] = useState(false);
  useLayoutEffect(() => {
    const element = video.current;
    if (!element || !track) return;
    const stream = streamOf(element);
    stream.addTrack(track);
    const stopWaiting = onFirstFrame(element, () => setHasFrames(true));
    return () => {
      stopWaiting();
      keepLastFrame(element, still.current);
      stream.removeTrack(track);
      setHasFrames(false);
    };
  }, [track]);
  return hasFrames;
}

/** While a broadcast is paused, its video ends a moment before its audio; the last frame is needed then. */
const forgetAfterMs = 1000;

/** When the video is turned off: the cover forgets the last frame, and a floating window, which shows only the element, is closed. */
export function useVideoOff({ video, still }: VideoRefs, { isOff, track }: { isOff: boolean; track: MediaStreamTrack | undefined }): void {
  useLayoutEffect(() => {
    if (!isOff || track) return;
    const timer = setTimeout(() => {
      if (still.current) still.current.width = 0;
      if (video.current && document.pictureInPictureElement === video.current) background(document.exitPictureInPicture());
    }, forgetAfterMs);
    return () => clearTimeout(timer);
  }, [isOff, track]);
}

/** Plays an audio track in a media element. */
export function useAudioIn(media: RefObject<HTMLMediaElement>, track: MediaStreamTrack | undefined): void {
  useLayoutEffect(() => {
    const element = media.current;
    if (!element || !track) return;
    const stream = streamOf(element);
    stream.addTrack(track);
    return () => stream.removeTrack(track);
  }, [track]);
}

/** Firefox before 132 has no requestVideoFrameCallback; `playing` is close enough. */
function onFirstFrame(video: HTMLVideoElement, act: () => void): () => void {
  if ('requestVideoFrameCallback' in video) {
    const request = video.requestVideoFrameCallback(act);
    return () => video.cancelVideoFrameCallback(request);
  }
  const element: HTMLElement = video;
  element.addEventListener('playing', act);
  return () => element.removeEventListener('playing', act);
}

function keepLastFrame(video: HTMLVideoElement, still: HTMLCanvasElement | null): void {
  if (!still || video.videoWidth === 0) return;
  still.width = video.videoWidth;
  still.height = video.videoHeight;
  still.getContext('2d')?.drawImage(video, 0, 0);
}
