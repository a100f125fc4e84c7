import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

interface PictureRefs {
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
export function usePictureIn({ video, still }: PictureRefs, track: MediaStreamTrack | undefined): boolean {
  const [isMoving, setMoving] = useState(false);
  useLayoutEffect(() => {
    const element = video.current;
    if (!element || !track) return;
    const stream = streamOf(element);
    stream.addTrack(track);
    const stopWaiting = whenMoving(element, () => setMoving(true));
    return () => {
      stopWaiting();
      keepPicture(element, still.current);
      stream.removeTrack(track);
      setMoving(false);
    };
  }, [track]);
  return isMoving;
}

/** Plays a sound through a media element, for as long as there is one. */
export function useSoundIn(media: RefObject<HTMLMediaElement>, track: MediaStreamTrack | undefined): void {
  useLayoutEffect(() => {
    const element = media.current;
    if (!element || !track) return;
    const stream = streamOf(element);
    stream.addTrack(track);
    return () => stream.removeTrack(track);
  }, [track]);
}

/** Firefox before 132 tells of no single frame; `playing` is near enough. */
function whenMoving(video: HTMLVideoElement, act: () => void): () => void {
  if ('requestVideoFrameCallback' in video) {
    const request = video.requestVideoFrameCallback(act);
    return () => video.cancelVideoFrameCallback(request);
  }
  const element: HTMLElement = video;
  element.addEventListener('playing', act);
  return () => element.removeEventListener('playing', act);
}

function keepPicture(video: HTMLVideoElement, still: HTMLCanvasElement | null): void {
  if (!still || video.videoWidth === 0) return;
  still.width = video.videoWidth;
  still.height = video.videoHeight;
  still.getContext('2d')?.drawImage(video, 0, 0);
}
