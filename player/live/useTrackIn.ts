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

/** `frames`: the video plays. `still`: the canvas shows the last frame. `nothing`: the canvas covers the element and is empty. */
export type ShownVideo = 'frames' | 'still' | 'nothing';

/**
 * Plays a track in a video element. While it has no frames, the canvas covers it with the last one. `isForgotten`: the video is
 * turned off, and nothing of it may be seen, also not in a floating window, which shows only the element.
 */
export function useVideoIn({ video, still }: VideoRefs, track: MediaStreamTrack | undefined, isForgotten = false): ShownVideo {
  const [shown, setShown] = useState<ShownVideo>('nothing');
  useLayoutEffect(() => {
    const element = video.current;
    if (!element || !track) return;
    const stream = streamOf(element);
    stream.addTrack(track);
    const stopWaiting = onFirstFrame(element, () => setShown('frames'));
    return () => {
      stopWaiting();
      setShown(keepLastFrame(element, still.current) ? 'still' : 'nothing');
      stream.removeTrack(track);
    };
  }, [track]);
  useLayoutEffect(() => {
    if (!isForgotten) return;
    if (still.current) still.current.width = 0;
    setShown('nothing');
    if (video.current && document.pictureInPictureElement === video.current) background(document.exitPictureInPicture());
  }, [isForgotten, track]);
  return isForgotten ? 'nothing' : shown;
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

/** False if there was no frame. */
function keepLastFrame(video: HTMLVideoElement, still: HTMLCanvasElement | null): boolean {
  if (!still || video.videoWidth === 0) return false;
  still.width = video.videoWidth;
  still.height = video.videoHeight;
  still.getContext('2d')?.drawImage(video, 0, 0);
  return true;
}
