import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

interface VideoRefs {
  video: RefObject<HTMLVideoElement>;
  /** Where the last picture stays while none arrives. */
  still: RefObject<HTMLCanvasElement>;
}

/** The stream of a media element, made once; tracks come and go in it while the element plays on. */
export function streamOf(element: HTMLMediaElement): MediaStream {
  if (element.srcObject instanceof MediaStream) return element.srcObject;
  const stream = new MediaStream();
  element.srcObject = stream;
  return stream;
}

/** Shows a picture in a video element. True while it moves; before and after, the last picture is on the canvas. */
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

/** Plays a sound through a media element, for as long as there is one. */
export function useAudioIn(media: RefObject<HTMLMediaElement>, track: MediaStreamTrack | undefined): void {
  useLayoutEffect(() => {
    const element = media.current;
    if (!element || !track) return;
    const stream = streamOf(element);
    stream.addTrack(track);
    return () => stream.removeTrack(track);
  }, [track]);
}

/** Firefox before 132 tells of no single frame; `playing` is near enough. */
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
