import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { background } from '../app/background.ts';

export interface AudioPlayback {
  /** The browser plays no audio before the user interacts with the page. */
  isBlocked: boolean;
  unlock: () => void;
}

/** Plays a media element; muted if the browser requires a tap first. */
export function useAudioPlayback(media: RefObject<HTMLMediaElement>, tracks: readonly (MediaStreamTrack | undefined)[]): AudioPlayback {
  const isBlocked = useSignal(false);
  useEffect(() => {
    const element = media.current;
    if (!element || tracks.every((track) => track === undefined)) return;
    background(play(element, () => (isBlocked.value = true)));
  }, tracks);
  useEffect(() => {
    const element = media.current;
    if (!element) return;
    const resume = () => background(play(element, () => (isBlocked.value = true)));
    const heard = () => {
      if (!element.muted) isBlocked.value = false;
    };
    element.addEventListener('pause', resume);
    element.addEventListener('volumechange', heard);
    return () => {
      element.removeEventListener('pause', resume);
      element.removeEventListener('volumechange', heard);
    };
  }, []);
  return {
    isBlocked: isBlocked.value,
    unlock: () => {
      const element = media.current;
      if (!element) return;
      element.muted = false;
      background(play(element, () => undefined));
    },
  };
}

async function play(element: HTMLMediaElement, onBlocked: () => void): Promise<void> {
  try {
    await element.play();
  } catch (error) {
    // AbortError: a newer call of play replaced this one.
    if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || element.muted) return;
    element.muted = true;
    onBlocked();
    await play(element, () => undefined);
  }
}
