import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Size } from './layoutStage.ts';

const widescreen: Size = { width: 16, height: 9 };

/** The size of an element; undefined before it is measured. */
export function useElementSize(element: RefObject<HTMLElement>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const measure = () => setSize({ width: current.clientWidth, height: current.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return size;
}

/** The shape of a video; 16:9 before its first frame. */
export function useVideoShape(video: RefObject<HTMLVideoElement>): Size {
  const [shape, setShape] = useState(widescreen);
  useLayoutEffect(() => {
    const { current } = video;
    if (!current) return;
    const measure = () => {
      if (current.videoWidth > 0) setShape({ width: current.videoWidth, height: current.videoHeight });
    };
    for (const event of ['loadedmetadata', 'resize'] as const) current.addEventListener(event, measure);
    return () => {
      for (const event of ['loadedmetadata', 'resize'] as const) current.removeEventListener(event, measure);
    };
  }, []);
  return shape;
}
